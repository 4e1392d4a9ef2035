//! How much of a payment is left to refund.

use crate::payment::Payment;

impl Payment {
    /// What is left of the chosen amount, in minor units: neither refunded, nor reserved for a refund, nor withdrawn by a
    /// dispute.
    #[must_use]
    pub fn refundable(&self) -> i64 {
        let taken = self.state.refunds.creator_committed() + self.state.disputes.creator_amount();
        (self.terms.chosen.amount() - taken).max(0)
    }
}
