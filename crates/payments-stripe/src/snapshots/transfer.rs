//! A transfer with its reversals as the domain observes it.

use crate::{ReversalView, TransferView, metadata};
use payments::{PaymentId, ReversalSight, TransferObservation};

impl TransferView {
    /// The payment whose share the transfer carries: named by us, or inherited from the intent as its group. None for
    /// a transfer that is not ours.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        let group = || PaymentId::parse(self.transfer_group.as_deref()?).ok();
        metadata::payment_id(&self.metadata).or_else(group)
    }

    /// The transfer as the domain sees it, with the reversals that it shows.
    #[must_use]
    pub fn observed(&self) -> TransferObservation {
        TransferObservation {
            id: self.id.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            destination: self.destination.clone(),
            charge: self.source_transaction.clone(),
            number: metadata::move_number(&self.metadata),
            reversals: self.reversals.data.iter().map(ReversalView::observed).collect(),
        }
    }
}

impl ReversalView {
    /// The payment that we made the reversal for; none for one that was not made by us.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        metadata::payment_id(&self.metadata)
    }

    /// The reversal as the domain sees it, beside its transfer.
    #[must_use]
    pub fn observed(&self) -> ReversalSight {
        ReversalSight {
            id: self.id.clone(),
            amount: self.amount,
            number: metadata::move_number(&self.metadata),
        }
    }
}
