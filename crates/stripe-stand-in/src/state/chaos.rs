//! Faults on demand: which call, change and delivery meets which fault, decided from a seed.
//!
//! [`Chaos`] only decides; `dispatch::call_faults` and `state::event_log` apply the decisions. The n-th call, the n-th
//! change and the n-th delivery each have random numbers of their own, so faults of one kind do not shift those of
//! another, and a higher rate adds faults to the earlier ones.
//!
//! Faults are not journaled: a stand-in starts without any.

use crate::random::Random;
use serde::{Deserialize, Serialize};

/// `reorder` delivers an event after every event recorded within this time after it.
const HELD_BACK_MS: i64 = 1_000;

/// A rate in parts per million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Ppm(u32);

impl Ppm {
    /// The rate of certainty.
    pub const ALWAYS: Self = Self(1_000_000);

    /// A rate of at most [`Ppm::ALWAYS`].
    #[must_use]
    pub fn new(parts: u32) -> Option<Self> {
        (parts <= Self::ALWAYS.0).then_some(Self(parts))
    }

    fn falls_on(self, rng: &mut Random) -> bool {
        rng.up_to(Self::ALWAYS.0 - 1) < self.0
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

/// Which faults happen, and how often. An absent field is 0, so `{}` ends all faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// An event is never delivered, as if Stripe had given up; `delivery_success=false` lists it.
    pub lose: Ppm,
    /// An event is delivered twice.
    pub duplicate: Ppm,
    /// An event is delivered after the events of the next second.
    pub reorder: Ppm,
    /// Each delivery is delayed by 0 up to this many milliseconds.
    pub delay_ms: u32,
    /// A call is refused with 429 before it does anything: half with `rate_limit`, half with `lock_timeout`.
    pub respond_429: Ppm,
    /// A call fails with 500 before it does anything, and its idempotency key stays free. For a failure after the
    /// effect, which Stripe can have too, use `lose_response`.
    pub respond_500: Ppm,
    /// A call with an idempotency key begins, and fails with 500 before it has an effect. v1 keeps that answer for the key,
    /// and replays it.
    pub save_500: Ppm,
    /// A call has its effect, and the connection is cut without an answer.
    pub lose_response: Ppm,
    /// A change, by a call or scheduled, makes no events: none is delivered and none is listed.
    pub drift: Ppm,
    /// The same seed, calls and deliveries meet the same faults.
    pub seed: u64,
}

/// A fault of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallFault {
    RateLimit,
    LockTimeout,
    ServerError,
    SavedServerError,
    LoseResponse,
}

/// When one event is delivered to one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryPlan {
    Lose,
    Deliver {
        after_ms: i64,
        /// May be the earlier of the two.
        duplicate_after_ms: Option<i64>,
    },
}

/// The sequence that random numbers belong to.
#[derive(Clone, Copy)]
enum Kind {
    Call = 1,
    Change = 2,
    Delivery = 3,
}

/// Decides the fault of each call, change and delivery in turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chaos {
    faults: Faults,
    calls: u64,
    changes: u64,
    deliveries: u64,
}

impl Chaos {
    /// Starts at the beginning of the sequence of `faults.seed`.
    pub(crate) fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    pub(crate) fn faults(&self) -> Faults {
        self.faults
    }

    /// The fault of the next call; `None` without one.
    pub(crate) fn next_call(&mut self) -> Option<CallFault> {
        let faults = self.faults;
        let mut rng = self.random_numbers(Kind::Call, self.calls);
        self.calls += 1;
        let limited = faults.respond_429.falls_on(&mut rng);
        let locked = rng.up_to(1) == 1;
        let failed = faults.respond_500.falls_on(&mut rng);
        let unanswered = faults.lose_response.falls_on(&mut rng);
        let failed_for_good = faults.save_500.falls_on(&mut rng);
        match (limited, failed, unanswered, failed_for_good) {
            (true, _, _, _) if locked => Some(CallFault::LockTimeout),
            (true, _, _, _) => Some(CallFault::RateLimit),
            (_, true, _, _) => Some(CallFault::ServerError),
            (_, _, true, _) => Some(CallFault::LoseResponse),
            (_, _, _, true) => Some(CallFault::SavedServerError),
            _ => None,
        }
    }

    /// Whether the next change makes no events.
    pub(crate) fn next_change_drifts(&mut self) -> bool {
        let mut rng = self.random_numbers(Kind::Change, self.changes);
        self.changes += 1;
        self.faults.drift.falls_on(&mut rng)
    }

    /// When the next event is delivered to one endpoint.
    pub(crate) fn next_delivery(&mut self) -> DeliveryPlan {
        let faults = self.faults;
        let mut rng = self.random_numbers(Kind::Delivery, self.deliveries);
        self.deliveries += 1;
        let lost = faults.lose.falls_on(&mut rng);
        let twice = faults.duplicate.falls_on(&mut rng);
        let held_back = faults.reorder.falls_on(&mut rng);
        // Events of the next HELD_BACK_MS are themselves at most `delay_ms` late.
        let from_ms = if held_back { HELD_BACK_MS + i64::from(faults.delay_ms) } else { 0 };
        let after_ms = from_ms + i64::from(rng.up_to(faults.delay_ms));
        let duplicate_after_ms = from_ms + i64::from(rng.up_to(faults.delay_ms));
        if lost {
            return DeliveryPlan::Lose;
        }
        DeliveryPlan::Deliver { after_ms, duplicate_after_ms: twice.then_some(duplicate_after_ms) }
    }

    fn random_numbers(&self, kind: Kind, number: u64) -> Random {
        let mut of_kind = Random::from_seed(self.faults.seed ^ (kind as u64) << 62);
        Random::from_seed(of_kind.next().wrapping_add(Random::from_seed(number).next()))
    }
}
