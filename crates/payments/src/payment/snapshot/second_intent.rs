//! Whether an intent is a second one of a payment, which is canceled.

use crate::payment::{IntentSnapshot, IntentStatus, Payment};

impl IntentSnapshot {
    /// Whether it is a second intent of the payment. Once Stripe has refused the receipt or the
    /// Customer, a race or a crash can leave one under each of their keys. Nobody has the client secret of the second, so it is canceled.
    #[must_use]
    pub fn is_second_of(&self, payment: &Payment) -> bool {
        let is_other = payment.state.intent.as_ref().is_some_and(|own| *own != self.id);
        let is_unpaid = self.status != IntentStatus::Succeeded;
        let state = &payment.state;
        let has_other_key = state.receipt_refused || state.new_customer.is_some() || state.customer_dropped;
        has_other_key && is_other && is_unpaid && self.check_terms(payment).is_ok()
    }
}
