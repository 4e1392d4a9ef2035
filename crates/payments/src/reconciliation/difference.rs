//! Differences between our ledger and Stripe (drift), and their kinds.

use crate::ids::PaymentId;
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

impl DifferenceKind {
    /// Whether a payment keeps it until somebody acts, so that each report lists it, also while the payment is not due.
    #[must_use]
    pub fn stays(self) -> bool {
        match self {
            Self::Conflict | Self::UnsettledTransfer | Self::CreatorBelowZero => true,
            Self::Contradiction
            | Self::Unappliable
            | Self::Unbooked
            | Self::ToRecover
            | Self::EndedCurrency
            | Self::RefundNotMade
            | Self::Ledger
            | Self::Unreachable
            | Self::UnclaimedAccount
            | Self::UnreadableItem
            | Self::RolloutCopy
            | Self::UnknownTransaction
            | Self::AmountsDiffer
            | Self::BalanceDiffers => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_payment_keeps_until_somebody_acts_is_in_each_report() {
        for kind in
            [DifferenceKind::Conflict, DifferenceKind::UnsettledTransfer, DifferenceKind::CreatorBelowZero]
        {
            assert!(kind.stays(), "{kind:?}");
        }
        for kind in [DifferenceKind::ToRecover, DifferenceKind::Unreachable, DifferenceKind::BalanceDiffers] {
            assert!(!kind.stays(), "{kind:?}");
        }
    }
}
