//! A dispute as Stripe sends it.

use super::{BalanceObject, lower_case, null_as_empty, reference};
use payments::{ChargeId, DisputeId, IntentId};
use serde::Deserialize;

/// The fields in use of a dispute (<https://docs.stripe.com/api/disputes/object>). The platform writes no
/// metadata on it.
#[derive(Debug, Clone, Deserialize)]
pub struct DisputeObject {
    /// `dp_…` or `du_…`.
    pub id: DisputeId,
    /// One of eight, such as `needs_response`.
    pub status: String,
    /// The disputed amount, in minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// None where the endpoint's version has no deadline.
    #[serde(default)]
    pub evidence_details: Option<EvidenceDetailsObject>,
    pub livemode: bool,
    /// The intent whose charge is disputed.
    #[serde(default, deserialize_with = "reference")]
    pub payment_intent: Option<IntentId>,
    /// The disputed charge.
    #[serde(default, deserialize_with = "reference")]
    pub charge: Option<ChargeId>,
    /// Withdrawals and reinstatements, always expanded. Empty for an inquiry.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub balance_transactions: Vec<BalanceObject>,
}

/// `evidence_details` of a dispute.
#[derive(Debug, Clone, Deserialize)]
pub struct EvidenceDetailsObject {
    /// Until when evidence can be submitted, in seconds since the epoch. Zero where the bank takes none.
    #[serde(default)]
    pub due_by: Option<i64>,
}
