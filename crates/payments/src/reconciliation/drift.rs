//! What reconciliation finds: differences between our ledger and Stripe, and balance transactions that are not booked.

use crate::ids::{DisputeId, PaymentId, RefundId, ReversalId, TransactionId, TransferId};
use crate::payment::Payment;
use serde::{Deserialize, Serialize};

/// A difference between our ledger and Stripe that remains after the object's facts are joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub kind: DifferenceKind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub payment_id: Option<PaymentId>,
    /// The id of Stripe's object, or the key of an item.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object: Option<String>,
    /// The difference as a sentence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// In minor units.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amount: Option<i64>,
}

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Stripe's object cannot be applied: the payment that it names differs from it or does not exist.
    Unappliable,
    /// The ledger lacks a balance transaction of Stripe's.
    Unbooked,
    /// An amount is still to be recovered from the creator, or paid to the creator again.
    #[serde(rename = "owed")]
    ToRecover,
    /// An amount is still to be recovered or paid again in a currency that has ended, in which Stripe moves no money.
    EndedCurrency,
    /// A refund was requested here, and Stripe has not made it.
    RefundNotMade,
    /// The payment is both paid and closed.
    Contradiction,
    /// The stored ledger entries are not those that the state implies.
    Ledger,
    /// A payment could not be refreshed from Stripe.
    Unreachable,
    /// An account was created for a creator who cannot use it: they have another, or the request had ended without it.
    UnclaimedAccount,
    /// An item of the table, `object`, cannot be read, or not written without loss: it is damaged, or a later release wrote
    /// it.
    UnreadableItem,
    /// A copy of the rollout, `object`, differs from most: decisions that read it may differ as well.
    RolloutCopy,
    /// Stripe contradicts what is known of a payment. The first value stays.
    Conflict,
    /// The creator's share was transferred with a charge that is not paid here.
    UnsettledTransfer,
    /// More was taken from a creator than they received for a payment.
    CreatorBelowZero,
    /// A balance transaction has a type or a currency that this release does not know.
    UnknownTransaction,
    /// A balance transaction has other amounts than what is booked for it.
    AmountsDiffer,
    /// The opening balance and everything booked since is not Stripe's balance.
    BalanceDiffers,
}

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

    /// What remains different after a refresh: nothing, in the normal state.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let state = &self.state;
        let difference = |kind, amount| Difference {
            kind,
            payment_id: Some(self.id().clone()),
            object: None,
            detail: None,
            amount,
        };
        let mut differences = Vec::new();
        if state.is_contradictory() {
            differences.push(difference(DifferenceKind::Contradiction, None));
        }
        if state.to_recover() != 0 {
            let can_be_moved = self.terms.chosen.currency().is_chargeable();
            let kind = if can_be_moved { DifferenceKind::ToRecover } else { DifferenceKind::EndedCurrency };
            differences.push(difference(kind, Some(state.to_recover())));
        }
        for (_, request) in state.refunds.open_requests() {
            let amount = request.creator.saturating_add(request.platform);
            differences.push(difference(DifferenceKind::RefundNotMade, Some(amount)));
        }
        for conflict in &state.conflicts {
            let (object, detail) = (Some(conflict.object.clone()), Some(conflict.to_string()));
            differences.push(Difference { object, detail, ..difference(DifferenceKind::Conflict, None) });
        }
        for transfer in self.unsettled_transfers() {
            let object = Some(transfer.to_string());
            differences.push(Difference { object, ..difference(DifferenceKind::UnsettledTransfer, None) });
        }
        if self.is_below_zero() {
            differences.push(difference(DifferenceKind::CreatorBelowZero, None));
        }
        differences
    }
}
