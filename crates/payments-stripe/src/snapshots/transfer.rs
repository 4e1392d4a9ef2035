//! Snapshots of transfers and their reversals.

use crate::{ReversalObject, TransferObject, metadata};
use payments::{PaymentId, ReversalSnapshot, TransferSnapshot};

impl TransferObject {
    /// The payment whose share the transfer carries, from the metadata or from the group that is inherited
    /// from the intent. None for a transfer that is not the platform's.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        let group = || PaymentId::parse(self.transfer_group.as_deref()?).ok();
        metadata::payment_id(&self.metadata).or_else(group)
    }

    /// The snapshot of the transfer, with the reversals that it lists.
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
    /// The snapshot of the reversal, which is part of its transfer's.
    #[must_use]
    pub fn snapshot(&self) -> ReversalSnapshot {
        ReversalSnapshot {
            id: self.id.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            number: metadata::instruction_number(&self.metadata),
        }
    }
}
