//! The sandbox: the whole state of the stand-in.

use crate::ids;
use crate::objects::deliveries::Payload;
use crate::objects::records::Records;
use crate::state::chaos::{Chaos, Faults};
use crate::state::delivery_queue::DeliveryQueue;
use crate::state::platform::Platform;
use crate::state::platform_account::PlatformAccount;
use crate::state::platform_payouts::PlatformPayouts;
use crate::state::region::Region;
use crate::state::request::Request;
use crate::state::schedule::Schedule;
use crate::wire::auth::Key;
use crate::wire::version::ApiVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Settings that may differ at each start, and so are not part of the records.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The URL at which browsers reach the pages of 3-D Secure and onboarding.
    pub base_url: String,
    /// What each endpoint is sent.
    pub endpoints: Vec<Payload>,
    pub platform: Platform,
    pub region: Region,
    /// Currencies in which the platform has a balance, the first for charges in any other; empty for the region's own.
    pub settlement_currencies: Vec<String>,
    /// What the platform has of its own at the start, in whole units of each settlement currency.
    pub top_up: i64,
    pub payouts: PlatformPayouts,
    pub account: PlatformAccount,
    /// Restricted keys with their permissions, such as `rak_transfer_write`, which includes reading. A restricted key that is not
    /// among them may do everything.
    pub restricted_keys: BTreeMap<String, BTreeSet<String>>,
    /// Whether calls may hold card numbers, which Stripe allows on request only.
    pub raw_card_data: bool,
    /// The same seed and calls give the same ids.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:12111".to_owned(),
            endpoints: vec![Payload::Snapshot, Payload::Thin],
            platform: Platform::default(),
            region: Region::default(),
            settlement_currencies: Vec::new(),
            top_up: 1_000_000,
            payouts: PlatformPayouts::default(),
            account: PlatformAccount::default(),
            restricted_keys: BTreeMap::new(),
            raw_card_data: false,
            seed: 0x5354_414e_4449_4e00,
        }
    }
}

impl Settings {
    /// The currencies in which the platform has a balance.
    pub(crate) fn settles_in(&self) -> Vec<String> {
        match self.settlement_currencies.is_empty() {
            true => vec![self.region.currency().to_owned()],
            false => self.settlement_currencies.clone(),
        }
    }
}

/// Everything that Stripe keeps for one platform: objects, saved replies and events. A pure state machine: calls and
/// the time go in, replies and deliveries come out.
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    pub(crate) settings: Settings,
    pub(crate) records: Records,
    pub(crate) delivery_queue: DeliveryQueue,
    pub(crate) schedule: Schedule,
    pub(crate) chaos: Chaos,
    /// Whether the current change makes no events.
    pub(crate) is_drifting: bool,
    /// Whether the current call fails once it has begun.
    pub(crate) is_failing: bool,
}

impl Sandbox {
    /// An empty sandbox.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    pub(crate) fn from_records(settings: Settings, records: Records) -> Self {
        let delivery_queue = DeliveryQueue::of(&records);
        let schedule = Schedule::of(&records);
        Self { settings, records, delivery_queue, schedule, ..Self::default() }
    }

    /// Changes the kind of platform, as Stripe does or somebody in its Dashboard. It is not journaled.
    pub fn set_platform(&mut self, platform: Platform) {
        self.settings.platform = platform;
    }

    /// Changes when the platform's balance is paid out. It is not journaled.
    pub fn set_payouts(&mut self, payouts: PlatformPayouts) {
        self.settings.payouts = payouts;
    }

    /// Changes the platform's region. It is not journaled.
    pub fn set_region(&mut self, region: Region) {
        self.settings.region = region;
    }

    /// Changes what the platform has set in its Dashboard. It is not journaled.
    pub fn set_account(&mut self, account: PlatformAccount) {
        self.settings.account = account;
    }

    /// Puts faults in force, from the beginning of their sequence. They are not journaled.
    pub fn set_faults(&mut self, faults: Faults) {
        self.chaos = Chaos::new(faults);
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.chaos.faults()
    }

    /// Makes a change, without events when it meets the fault `drift`.
    pub(crate) fn change_with_drift<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        self.is_drifting = self.chaos.next_change_drifts();
        let changed = change(self);
        self.is_drifting = false;
        changed
    }

    /// A request that no API call causes: a payer at 3-D Secure, a bank's decision.
    pub(crate) fn internal_request(&mut self, now_ms: i64) -> Request<'_> {
        Request {
            sandbox: self,
            key: Key::Secret,
            version: ApiVersion::default(),
            now_ms,
            id: None,
            idempotency_key: None,
            account: None,
        }
    }

    pub(crate) fn mint(&mut self, prefix: &str, length: usize) -> String {
        self.records.minted += 1;
        ids::id(self.settings.seed, self.records.minted, prefix, length)
    }
}
