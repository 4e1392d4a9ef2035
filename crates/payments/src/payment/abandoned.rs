//! When a payment whose intent was never created is closed.

use crate::payment::{ClosedReason, Payment};
use crate::timestamp::Timestamp;

/// A payment without an intent is closed at this age. Its sender never got a client secret, so nobody can pay it.
pub const ABANDONED_AFTER_S: i64 = 3_600;

impl Payment {
    /// Whether Stripe's answer to the creation of the intent is still to come.
    #[must_use]
    pub fn awaits_intent(&self) -> bool {
        self.state.intent.is_none() && !self.state.is_terminal()
    }

    /// The reason to close a payment without an intent, once it is old enough.
    #[must_use]
    pub fn abandoned(&self, now: Timestamp) -> Option<ClosedReason> {
        let age_s = now.seconds() - self.terms.created_at.seconds();
        (self.awaits_intent() && age_s >= ABANDONED_AFTER_S).then_some(ClosedReason::Abandoned)
    }
}
