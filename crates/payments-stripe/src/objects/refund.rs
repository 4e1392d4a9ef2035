//! A refund as Stripe sends it.

use super::{lower_case, null_as_empty, reference};
use payments::{ChargeId, IntentId, RefundId, ReversalId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a refund (<https://docs.stripe.com/api/refunds/object>), which has no `livemode`.
#[derive(Debug, Clone, Deserialize)]
pub struct RefundObject {
    /// `re_…` or `pyr_…`.
    pub id: RefundId,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    #[serde(default)]
    pub status: Option<String>,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// The intent whose charge is refunded.
    #[serde(default, deserialize_with = "reference")]
    pub payment_intent: Option<IntentId>,
    /// The refunded charge.
    #[serde(default, deserialize_with = "reference")]
    pub charge: Option<ChargeId>,
    /// The reversal that Stripe made together with the refund.
    #[serde(default, deserialize_with = "reference")]
    pub transfer_reversal: Option<ReversalId>,
    /// Contains the platform's keys if the platform requested the refund.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}
