//! Faults on demand: which call and which delivery meets which, decided from a seed alone.
//!
//! [`Chaos`] decides and does nothing. The n-th call, the n-th change and the n-th delivery have a draw of
//! their own each, so a fault of one kind moves none of another, and a rate that is turned up only adds
//! faults to those that were there. `dispatch::unreliable` and `state::emit` carry out what is decided here.
//!
//! Faults are neither journaled nor kept: a stand-in that starts has none.

use crate::random::Random;
use serde::{Deserialize, Serialize};

/// What is held back by `reorder` goes out later than everything that is booked within this time after it.
const HELD_BACK_MS: i64 = 1_000;

/// A rate in parts per million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Ppm(u32);

impl Ppm {
    /// Every time.
    pub const ALWAYS: Self = Self(1_000_000);

    /// A rate of at most [`Ppm::ALWAYS`].
    #[must_use]
    pub fn new(parts: u32) -> Option<Self> {
        (parts <= Self::ALWAYS.0).then_some(Self(parts))
    }

    fn falls_on(self, draws: &mut Random) -> bool {
        draws.up_to(Self::ALWAYS.0 - 1) < self.0
    }
}

impl TryFrom<u32> for Ppm {
    type Error = &'static str;

    fn try_from(parts: u32) -> Result<Self, Self::Error> {
        Self::new(parts).ok_or("a rate is at most 1000000 parts per million")
    }
}

impl From<Ppm> for u32 {
    fn from(rate: Ppm) -> Self {
        rate.0
    }
}

/// Which faults happen, and how often. A field that is left out is 0, so `{}` is no chaos at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// An event is never delivered, as if Stripe had given up: `delivery_success=false` lists it.
    pub lose: Ppm,
    /// An event is delivered twice, perhaps at once.
    pub duplicate: Ppm,
    /// An event is delivered after those that follow it within a second.
    pub reorder: Ppm,
    /// The longest delay of a delivery, in milliseconds; each has its own, from 0 up to this.
    pub delay_ms: u32,
    /// A call is refused with 429 before it does anything: half with `rate_limit`, half with `lock_timeout`.
    pub respond_429: Ppm,
    /// A call fails with 500 before it does anything, and its idempotency key stays free. Stripe can also
    /// fail after the effect; a caller cannot tell, and for that there is `lose_response`.
    pub respond_500: Ppm,
    /// A call has its effect, and the connection is cut without an answer.
    pub lose_response: Ppm,
    /// What a call changes, or what happens by itself, makes no events: nothing is delivered and nothing
    /// listed, so only who looks at the objects themselves learns of it.
    pub drift: Ppm,
    /// The same seed, calls and deliveries meet the same faults.
    pub seed: u64,
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallFault {
    /// 429 `rate_limit`, without effect.
    RateLimit,
    /// 429 `lock_timeout`, without effect.
    LockTimeout,
    /// 500, without effect.
    ServerError,
    /// The effect without the answer.
    LoseResponse,
}

/// What becomes of one event on its way to one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryFate {
    /// It never leaves.
    Lose,
    /// It goes out after so many milliseconds, and perhaps a second time.
    Deliver {
        /// The first time.
        after_ms: i64,
        /// The second time, which need not be the later one.
        again_after_ms: Option<i64>,
    },
}

/// What draws belong to.
#[derive(Clone, Copy)]
enum Kind {
    Call = 1,
    Change = 2,
    Delivery = 3,
}

/// Decides about one call, change and delivery after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chaos {
    faults: Faults,
    calls: u64,
    changes: u64,
    deliveries: u64,
}

impl Chaos {
    /// At the beginning of the sequence that `faults.seed` stands for.
    pub(crate) fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// The faults in force.
    pub(crate) fn faults(&self) -> Faults {
        self.faults
    }

    /// What the next call meets; `None` when it passes.
    pub(crate) fn next_call(&mut self) -> Option<CallFault> {
        let faults = self.faults;
        let mut draws = self.draws(Kind::Call, self.calls);
        self.calls += 1;
        let limited = faults.respond_429.falls_on(&mut draws);
        let locked = draws.up_to(1) == 1;
        let failed = faults.respond_500.falls_on(&mut draws);
        let unanswered = faults.lose_response.falls_on(&mut draws);
        match (limited, failed, unanswered) {
            (true, _, _) if locked => Some(CallFault::LockTimeout),
            (true, _, _) => Some(CallFault::RateLimit),
            (_, true, _) => Some(CallFault::ServerError),
            (_, _, true) => Some(CallFault::LoseResponse),
            _ => None,
        }
    }

    /// Whether nobody is told of the next change.
    pub(crate) fn next_change_is_untold(&mut self) -> bool {
        let mut draws = self.draws(Kind::Change, self.changes);
        self.changes += 1;
        self.faults.drift.falls_on(&mut draws)
    }

    /// What becomes of the next event on its way to one endpoint.
    pub(crate) fn next_delivery(&mut self) -> DeliveryFate {
        let faults = self.faults;
        let mut draws = self.draws(Kind::Delivery, self.deliveries);
        self.deliveries += 1;
        let lost = faults.lose.falls_on(&mut draws);
        let twice = faults.duplicate.falls_on(&mut draws);
        let held_back = faults.reorder.falls_on(&mut draws);
        // Whatever follows within HELD_BACK_MS is itself at most `delay_ms` late.
        let from_ms = if held_back { HELD_BACK_MS + i64::from(faults.delay_ms) } else { 0 };
        let after_ms = from_ms + i64::from(draws.up_to(faults.delay_ms));
        let again_after_ms = from_ms + i64::from(draws.up_to(faults.delay_ms));
        if lost {
            return DeliveryFate::Lose;
        }
        DeliveryFate::Deliver { after_ms, again_after_ms: twice.then_some(again_after_ms) }
    }

    fn draws(&self, kind: Kind, number: u64) -> Random {
        let mut of_kind = Random::from_seed(self.faults.seed ^ (kind as u64) << 62);
        Random::from_seed(of_kind.next().wrapping_add(Random::from_seed(number).next()))
    }
}
