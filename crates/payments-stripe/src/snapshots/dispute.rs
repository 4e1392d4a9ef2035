//! Snapshots of disputes.

use super::{SnapshotError, balance_currency};
use crate::{BalanceObject, DisputeObject};
use payments::{DisputeSnapshot, DisputeStatus, DisputeTransaction, Stamp, Timestamp};

impl DisputeObject {
    /// The snapshot of the dispute, stamped with `stamp`. An unknown status is accepted, because no money
    /// depends on it.
    ///
    /// # Errors
    /// [`SnapshotError::BalanceCurrency`] when a balance transaction has a currency that is not supported.
    pub fn snapshot(&self, stamp: Stamp) -> Result<DisputeSnapshot, SnapshotError> {
        Ok(DisputeSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            status: DisputeStatus::parse(&self.status),
            due_by: self.due_by(),
            stamp,
            transactions: self.balance_transactions.iter().map(snapshot).collect::<Result<_, _>>()?,
        })
    }

    fn due_by(&self) -> Option<Timestamp> {
        let due_by = self.evidence_details.as_ref()?.due_by?;
        (due_by > 0).then(|| Timestamp::from_seconds(due_by))
    }
}

fn snapshot(transaction: &BalanceObject) -> Result<DisputeTransaction, SnapshotError> {
    Ok(DisputeTransaction {
        id: transaction.id.clone(),
        amount: transaction.amount,
        fee: transaction.fee,
        currency: balance_currency(&transaction.currency, "dispute")?,
    })
}
