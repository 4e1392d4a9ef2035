//! A dispute as the domain observes it.

use super::{Unobserved, balance_currency};
use crate::{BalanceView, DisputeView};
use payments::{DisputeObservation, DisputeStatus, DisputeTransaction, Stamp};

impl DisputeView {
    /// The dispute as the domain sees it, with the time and source of this sight. No money hangs on its status: one
    /// that is not known is as good as any.
    ///
    /// # Errors
    /// [`Unobserved::BalanceCurrency`] when money moved in a currency that is not supported.
    pub fn observed(&self, stamp: Stamp) -> Result<DisputeObservation, Unobserved> {
        Ok(DisputeObservation {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            amount: self.amount,
            status: DisputeStatus::parse(&self.status),
            stamp,
            transactions: self.balance_transactions.iter().map(observed).collect::<Result<_, _>>()?,
        })
    }
}

fn observed(transaction: &BalanceView) -> Result<DisputeTransaction, Unobserved> {
    Ok(DisputeTransaction {
        id: transaction.id.clone(),
        amount: transaction.amount,
        fee: transaction.fee,
        currency: balance_currency(&transaction.currency, "dispute")?,
    })
}
