//! When an intent that nobody pays is canceled, and a payment without an intent closed.

use crate::payment::{Payment, fact::ClosedReason};
use crate::timestamp::Timestamp;

/// A row without an intent is closed when it is this old: nobody was given a client secret for it.
pub const ROW_WITHOUT_INTENT_S: i64 = 3_600;
/// An open intent is canceled when its payment is this old.
pub const OPEN_INTENT_LIFETIME_S: i64 = 24 * 3_600;
/// So many failed charges on one intent are taken for card testing: it is canceled.
pub const CARD_TESTING_FAILED_CHARGES: usize = 5;

impl Payment {
    /// Whether there is an intent that could still be paid, as far as we know.
    #[must_use]
    pub fn has_open_intent(&self) -> bool {
        self.state.intent.is_some() && !self.state.succeeded && !self.state.canceled
    }

    /// Whether the open intent is to be canceled: the payment is closed, or too old, or used to try cards.
    #[must_use]
    pub fn should_cancel_intent(&self, now: Timestamp) -> bool {
        let age_s = now.seconds() - self.terms.created_at.seconds();
        let unwanted =
            self.closed_reason().is_some() || age_s >= OPEN_INTENT_LIFETIME_S || self.is_card_testing();
        self.has_open_intent() && unwanted
    }

    /// Whether so many charges failed on it that somebody tries cards.
    #[must_use]
    pub fn is_card_testing(&self) -> bool {
        self.state.failed_charges.len() >= CARD_TESTING_FAILED_CHARGES
    }

    /// Why a row without an intent is closed, once it is old enough.
    #[must_use]
    pub fn abandoned(&self, now: Timestamp) -> Option<ClosedReason> {
        let age_s = now.seconds() - self.terms.created_at.seconds();
        let abandoned =
            self.state.intent.is_none() && !self.state.is_terminal() && age_s >= ROW_WITHOUT_INTENT_S;
        abandoned.then_some(ClosedReason::Abandoned)
    }
}
