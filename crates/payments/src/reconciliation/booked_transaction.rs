//! Whether the ledger has a balance transaction of Stripe's.

use crate::ids::{DisputeId, RefundId, ReversalId, TransactionId, TransferId};
use crate::payment::Payment;

/// What a balance transaction of the platform is for, when it belongs to a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceTransactionKind {
    Charge,
    Refund(RefundId),
    /// The amount of a failed refund, returned to the platform.
    RefundFailure(RefundId),
    /// A withdrawal or a reinstatement.
    Dispute(DisputeId),
    Transfer(TransferId),
    Reversal(ReversalId),
}

impl Payment {
    /// Whether the ledger has a balance transaction.
    #[must_use]
    pub fn is_booked(&self, transaction: &TransactionId, kind: &BalanceTransactionKind) -> bool {
        let state = &self.state;
        let is_known = match kind {
            BalanceTransactionKind::Charge => state.fees.contains_key(transaction),
            BalanceTransactionKind::Refund(id) => state.refunds.at_stripe.contains_key(id),
            BalanceTransactionKind::RefundFailure(id) => {
                state.refunds.at_stripe.get(id).is_some_and(|refund| refund.status.has_failed())
            }
            BalanceTransactionKind::Dispute(_) => state.disputes.funds.contains_key(transaction),
            BalanceTransactionKind::Transfer(id) => state.is_counted(id),
            BalanceTransactionKind::Reversal(id) => {
                let reversal = state.transfers.reversals.get(id);
                reversal.is_some_and(|reversal| state.is_counted(&reversal.transfer))
            }
        };
        state.succeeded && is_known
    }
}
