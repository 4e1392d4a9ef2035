//! When an unpaid intent is canceled.

use crate::payment::Payment;
use crate::timestamp::Timestamp;

/// An open intent is canceled when its payment has this age.
pub const OPEN_INTENT_LIFETIME_S: i64 = 24 * 3_600;

impl Payment {
    /// Whether the payment has an intent that may still be paid.
    #[must_use]
    pub fn has_open_intent(&self) -> bool {
        self.state.intent.is_some() && !self.state.succeeded && !self.state.canceled
    }

    /// Whether the open intent is to be canceled: the payment is closed, too old, or used for card testing.
    #[must_use]
    pub fn should_cancel_intent(&self, now: Timestamp) -> bool {
        let age_s = now.seconds() - self.terms.created_at.seconds();
        let unwanted =
            self.closed_reason().is_some() || age_s >= OPEN_INTENT_LIFETIME_S || self.is_card_testing();
        self.has_open_intent() && unwanted
    }
}
