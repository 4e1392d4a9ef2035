//! A payout of a connected account: what Stripe pays to its owner's bank, or takes from there.

use crate::ids::{CreatorId, PayoutId};
use crate::money::Currency;
use crate::receiving::PayoutFailure;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A payout as Stripe last described it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    pub id: PayoutId,
    /// In minor units; negative for a debit ([`Payout::is_debit`]).
    pub amount: i64,
    pub currency: Currency,
    pub created_at: Timestamp,
    /// When the bank has it, or is expected to have it; of a debit, when Stripe has it.
    pub arrives_at: Timestamp,
    pub status: PayoutStatus,
    /// Why it failed; none of one that did not.
    pub failure: Option<PayoutFailure>,
}

impl Payout {
    /// Whether Stripe takes money from the bank: for a negative balance (`debit_negative_balances`), or because a payout is
    /// reversed, which "has the same webhooks" (<https://docs.stripe.com/connect/payout-reversals>).
    #[must_use]
    pub fn is_debit(&self) -> bool {
        self.amount < 0
    }

    /// Why it failed, in a sentence for the creator.
    #[must_use]
    pub fn failure_message(&self) -> Option<&'static str> {
        let failure = self.failure?;
        Some(if self.is_debit() { failure.message_of_debit() } else { failure.message() })
    }
}

/// A payout of a creator's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatorPayout {
    pub creator: CreatorId,
    pub payout: Payout,
}

/// How far a payout got. A bank can send back what was paid, up to days later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// Not at the bank yet.
    Pending,
    InTransit,
    Paid,
    /// The money is in the account's balance again; of a debit, it stays at the bank.
    Failed,
    Canceled,
}

impl PayoutStatus {
    /// Whether a payout of which `before` was the last that was told can be told to have got so far. What was paid can still
    /// fail, and what failed is never paid (<https://docs.stripe.com/api/payouts/object>), so an event that says so is late.
    #[must_use]
    pub fn follows(self, before: Self) -> bool {
        before == Self::Paid && self == Self::Failed
    }

    /// Stripe's name of it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InTransit => "in_transit",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_stripes_name() {
        for name in ["pending", "in_transit", "paid", "failed", "canceled"] {
            let status = serde_json::from_value::<PayoutStatus>(name.into()).expect("a status");
            assert_eq!(status.as_str(), name);
        }
    }

    #[test]
    fn a_failure_is_told_as_that_of_a_payout_or_of_a_debit() {
        let failure = PayoutFailure::AccountClosed;
        let payout = |amount, failure| Payout {
            id: PayoutId::parse("po_1").expect("id"),
            amount,
            currency: Currency::parse("usd").expect("currency"),
            created_at: Timestamp::from_seconds(1),
            arrives_at: Timestamp::from_seconds(2),
            status: PayoutStatus::Failed,
            failure,
        };
        assert!(payout(-1, None).is_debit() && !payout(0, None).is_debit());
        assert_eq!(payout(1, Some(failure)).failure_message(), Some(failure.message()));
        assert_eq!(payout(-1, Some(failure)).failure_message(), Some(failure.message_of_debit()));
        assert_eq!(payout(1, None).failure_message(), None);
    }

    #[test]
    fn only_a_failure_follows_and_only_what_was_paid() {
        use PayoutStatus::{Canceled, Failed, InTransit, Paid, Pending};
        let all = [Pending, InTransit, Paid, Failed, Canceled];
        let follow = all.iter().flat_map(|before| all.iter().map(move |now| (*before, *now)));
        let followed: Vec<_> = follow.filter(|(before, now)| now.follows(*before)).collect();
        assert_eq!(followed, [(Paid, Failed)]);
    }
}
