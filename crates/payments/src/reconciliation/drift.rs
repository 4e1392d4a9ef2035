//! What reconciliation finds: differences between our ledger and Stripe, and whether a movement of money is booked.

use crate::ids::{DisputeId, PaymentId, RefundId, ReversalId, TransactionId, TransferId};
use crate::payment::Payment;
use serde::{Deserialize, Serialize};

/// A difference between our ledger and Stripe that is left when an object was looked at and its facts were joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What is different.
    pub kind: DifferenceKind,
    /// The payment, where one is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub payment_id: Option<PaymentId>,
    /// Stripe's object, or the copy of the rollout.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object: Option<String>,
    /// What of it, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// By how much, in minor units.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amount: Option<i64>,
}

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// An object at Stripe cannot be applied: it differs from the payment that it names, or that is not known.
    Unappliable,
    /// Money moved at Stripe that our ledger does not have.
    Unbooked,
    /// A creator's share is still to be moved.
    Owed,
    /// A refund was asked of us and is not made.
    RefundNotMade,
    /// Paid and closed are both known.
    Contradiction,
    /// The stored entries are not those that the state implies.
    Ledger,
    /// A payment could not be looked after.
    Unreachable,
    /// An account was opened for a creator who cannot take it: they have another, or its request had ended without it.
    UnclaimedAccount,
    /// A copy of the rollout, `object`, is not as most are: whoever reads it decides otherwise.
    RolloutCopy,
}

/// A movement of the platform's balance, as far as it is of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceTransactionKind {
    /// A charge, with Stripe's fee.
    Charge,
    /// A refund.
    Refund(RefundId),
    /// A refund that came back.
    RefundFailure(RefundId),
    /// A dispute's withdrawal or reinstatement.
    Dispute(DisputeId),
    /// A transfer to the creator's account.
    Transfer(TransferId),
    /// A reversal of one.
    Reversal(ReversalId),
}

impl Payment {
    /// Whether a movement of the platform's balance is in the ledger.
    #[must_use]
    pub fn is_booked(&self, transaction: &TransactionId, movement: &BalanceTransactionKind) -> bool {
        let state = &self.state;
        match movement {
            BalanceTransactionKind::Charge => state.succeeded && state.fees.contains_key(transaction),
            BalanceTransactionKind::Refund(id) => state.refunds.at_stripe.contains_key(id),
            BalanceTransactionKind::RefundFailure(id) => {
                state.refunds.at_stripe.get(id).is_some_and(|refund| refund.status.has_failed())
            }
            BalanceTransactionKind::Dispute(_) => state.disputes.funds.contains_key(transaction),
            BalanceTransactionKind::Transfer(id) => {
                state.transfers.own.as_ref() == Some(id) || state.transfers.retransfers.contains_key(id)
            }
            BalanceTransactionKind::Reversal(id) => state.transfers.reversals.contains_key(id),
        }
    }

    /// What is still different once a payment was looked after: nothing, in the normal state.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let state = &self.state;
        let of = |kind, amount| Difference {
            kind,
            payment_id: Some(self.id().clone()),
            object: None,
            detail: None,
            amount,
        };
        let mut differences = Vec::new();
        if state.is_contradictory() {
            differences.push(of(DifferenceKind::Contradiction, None));
        }
        if state.to_recover() != 0 {
            differences.push(of(DifferenceKind::Owed, Some(state.to_recover())));
        }
        for (_, request) in state.refunds.unanswered() {
            let amount = request.creator.saturating_add(request.platform);
            differences.push(of(DifferenceKind::RefundNotMade, Some(amount)));
        }
        differences
    }
}
