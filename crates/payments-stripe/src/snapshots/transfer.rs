//! A transfer with its reversals as the domain observes it.

use crate::{ReversalObject, TransferObject, metadata};
use payments::{PaymentId, ReversalSnapshot, TransferSnapshot};

impl TransferObject {
    /// The payment whose share the transfer carries: named by us, or inherited from the intent as its group. None for
    /// a transfer that is not ours.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        let group = || PaymentId::parse(self.transfer_group.as_deref()?).ok();
        metadata::payment_id(&self.metadata).or_else(group)
    }

    /// The transfer as the domain sees it, with the reversals that it shows.
    #[must_use]
    pub fn snapshot(&self) -> TransferSnapshot {
        TransferSnapshot {
            id: self.id.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            destination: self.destination.clone(),
            charge: self.source_transaction.clone(),
            number: metadata::instruction_number(&self.metadata),
            reversals: self.reversals.data.iter().map(ReversalObject::snapshot).collect(),
        }
    }
}

impl ReversalObject {
    /// The reversal as the domain sees it, beside its transfer.
    #[must_use]
    pub fn snapshot(&self) -> ReversalSnapshot {
        ReversalSnapshot {
            id: self.id.clone(),
            amount: self.amount,
            number: metadata::instruction_number(&self.metadata),
        }
    }
}
