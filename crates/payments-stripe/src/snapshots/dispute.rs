//! Snapshots of disputes.

use super::{SnapshotError, balance_currency};
use crate::{BalanceObject, DisputeObject};
use payments::{DisputeSnapshot, DisputeStatus, DisputeTransaction, Stamp};

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
            stamp,
            transactions: self.balance_transactions.iter().map(snapshot).collect::<Result<_, _>>()?,
        })
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
