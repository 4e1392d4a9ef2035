//! A payout of a connected account as Stripe sends it.

use payments::{Currency, Payout, PayoutFailure, PayoutId, PayoutStatus, Timestamp};
use serde::Deserialize;

/// The fields in use of a payout (<https://docs.stripe.com/api/payouts/object>). The account is named by the request or
/// the event, not by the object.
#[derive(Debug, Clone, Deserialize)]
pub struct PayoutObject {
    pub id: PayoutId,
    /// In minor units.
    pub amount: i64,
    pub currency: Currency,
    /// Seconds since the epoch.
    pub created: i64,
    /// Seconds since the epoch.
    pub arrival_date: i64,
    pub status: PayoutStatus,
    /// Such as `account_closed`.
    #[serde(default)]
    pub failure_code: Option<String>,
    #[serde(default)]
    pub livemode: bool,
}

impl PayoutObject {
    /// The payout in the domain's terms.
    #[must_use]
    pub fn payout(&self) -> Payout {
        let failure = || PayoutFailure::of(self.failure_code.as_deref().unwrap_or_default());
        Payout {
            id: self.id.clone(),
            amount: self.amount,
            currency: self.currency,
            created_at: Timestamp::from_seconds(self.created),
            arrives_at: Timestamp::from_seconds(self.arrival_date),
            status: self.status,
            failure: (self.status == PayoutStatus::Failed).then(failure),
        }
    }
}
