//! A dispute as the domain observes it.

use super::{SnapshotError, balance_currency};
use crate::{BalanceObject, DisputeObject};
use payments::{DisputeSnapshot, DisputeStatus, DisputeTransaction, Stamp};

impl DisputeObject {
    /// The dispute as the domain sees it, with the time and source of this sight. No money hangs on its status: one
    /// that is not known is as good as any.
    ///
    /// # Errors
    /// [`SnapshotError::BalanceCurrency`] when money moved in a currency that is not supported.
    pub fn snapshot(&self, stamp: Stamp) -> Result<DisputeSnapshot, SnapshotError> {
        Ok(DisputeSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            amount: self.amount,
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
