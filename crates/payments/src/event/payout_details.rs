//! What the events of payouts contain.

use crate::ids::{CreatorId, PayoutId};
use crate::money::Currency;
use crate::receiving::PayoutFailure;
use crate::timestamp::Timestamp;
use serde::Serialize;

/// The detail of `CreatorPayoutPaid`: the creator's bank has the money. It can still send it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatorPayoutPaid {
    pub creator_id: CreatorId,
    pub stripe_payout_id: PayoutId,
    pub amount: i64,
    pub currency: Currency,
    pub arrives_at: Timestamp,
}

/// The detail of `CreatorPayoutFailed`: the money is in the creator's balance at Stripe again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatorPayoutFailed {
    pub creator_id: CreatorId,
    pub stripe_payout_id: PayoutId,
    pub amount: i64,
    pub currency: Currency,
    pub failure_code: PayoutFailure,
    /// A sentence for the creator.
    pub failure_message: &'static str,
}
