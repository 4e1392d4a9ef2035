//! Whether objects at Stripe contradict a payment, which no further fact resolves.

use crate::ids::TransferId;
use crate::payment::Payment;

impl Payment {
    /// Whether Stripe contradicts the payment in a way that no further fact resolves.
    pub(crate) fn has_differing_objects(&self) -> bool {
        let state = &self.state;
        !state.conflicts.is_empty() || self.is_below_zero() || self.unsettled_transfers().next().is_some()
    }

    /// Originals of charges that are not paid here.
    pub(crate) fn unsettled_transfers(&self) -> impl Iterator<Item = &TransferId> {
        let state = &self.state;
        let is_settled = |charge| state.succeeded && state.paid_charges.contains(charge);
        state.transfers.originals.iter().filter(move |(charge, _)| !is_settled(charge)).map(|(_, id)| id)
    }

    /// Whether more was taken from the creator than they received for this payment.
    pub(crate) fn is_below_zero(&self) -> bool {
        let taken = self.state.creator_deductions().max(self.state.net_reversed());
        self.state.succeeded && taken > self.terms.chosen.amount()
    }
}
