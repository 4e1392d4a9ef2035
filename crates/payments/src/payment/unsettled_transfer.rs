//! Transfers that Stripe made with a charge that is not paid here.

use crate::ids::TransferId;
use crate::payment::Payment;

impl Payment {
    /// Originals of charges that are not paid here.
    pub(crate) fn unsettled_transfers(&self) -> impl Iterator<Item = &TransferId> {
        let state = &self.state;
        let is_settled = |charge| state.succeeded && state.paid_charges.contains(charge);
        state.transfers.originals.iter().filter(move |(charge, _)| !is_settled(charge)).map(|(_, id)| id)
    }
}
