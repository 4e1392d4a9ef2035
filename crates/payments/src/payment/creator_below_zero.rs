//! Whether a creator is below zero for a payment.

use crate::payment::Payment;

impl Payment {
    /// Whether more was taken from the creator than they received for this payment.
    pub(crate) fn is_below_zero(&self) -> bool {
        let taken = self.state.creator_deductions().max(self.state.net_reversed());
        self.state.succeeded && taken > self.terms.chosen.amount()
    }
}
