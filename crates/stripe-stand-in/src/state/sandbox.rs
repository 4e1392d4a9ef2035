//! The sandbox: all of the stand-in's state.

use crate::ids;
use crate::objects::records::Records;
use crate::state::agenda::Agenda;
use crate::state::chaos::{Chaos, Faults};
use crate::state::pending::Pending;
use crate::state::request::Request;
use crate::wire::auth::Key;

/// What can differ at every start, and so is no part of the records.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers reach the stand-in: the base of 3-D Secure's addresses.
    pub base_url: String,
    /// How many webhook endpoints are sent each event.
    pub endpoints: usize,
    /// What ids are drawn from beside their counter. The same seed and calls give the same ids.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { base_url: "http://127.0.0.1:12111".to_owned(), endpoints: 1, seed: 0x5354_414e_4449_4e00 }
    }
}

/// Everything that Stripe would keep for one platform: objects, kept replies and undelivered events. A pure state
/// machine: calls and the time go in, replies and deliveries come out.
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    pub(crate) settings: Settings,
    pub(crate) records: Records,
    pub(crate) pending: Pending,
    pub(crate) agenda: Agenda,
    pub(crate) chaos: Chaos,
    /// Whether nobody is told of the change under way.
    pub(crate) is_untold: bool,
}

impl Sandbox {
    /// An empty sandbox.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    pub(crate) fn from_records(settings: Settings, records: Records) -> Self {
        let pending = Pending::of(&records);
        let agenda = Agenda::of(&records);
        Self { settings, records, pending, agenda, ..Self::default() }
    }

    /// Puts faults in force, from the beginning of their sequence. They are not kept.
    pub fn set_faults(&mut self, faults: Faults) {
        self.chaos = Chaos::new(faults);
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.chaos.faults()
    }

    /// Makes a change, of which chaos may want nobody to be told.
    pub(crate) fn perhaps_untold<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        self.is_untold = self.chaos.next_change_is_untold();
        let changed = change(self);
        self.is_untold = false;
        changed
    }

    /// What happens without an API call: a payer at 3-D Secure, a bank's decision.
    pub(crate) fn uncalled(&mut self, now_ms: i64) -> Request<'_> {
        Request { sandbox: self, key: Key::Secret, now_ms, id: None, idempotency_key: None, account: None }
    }

    pub(crate) fn mint(&mut self, prefix: &str, length: usize) -> String {
        self.records.minted += 1;
        ids::id(self.settings.seed, self.records.minted, prefix, length)
    }
}
