//! A payout of a connected account: what Stripe pays to its owner's bank.

use crate::ids::{CreatorId, PayoutId};
use crate::money::Currency;
use crate::receiving::PayoutFailure;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A payout as Stripe last described it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    pub id: PayoutId,
    /// In minor units; negative for what Stripe takes from the bank to balance the account.
    pub amount: i64,
    pub currency: Currency,
    pub created_at: Timestamp,
    /// When the bank has it, or is expected to have it.
    pub arrives_at: Timestamp,
    pub status: PayoutStatus,
    /// Why it failed; none of one that did not.
    pub failure: Option<PayoutFailure>,
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
    /// The money is in the account's balance again.
    Failed,
    Canceled,
}

impl PayoutStatus {
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
}
