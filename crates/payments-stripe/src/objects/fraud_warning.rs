//! An early fraud warning as Stripe sends it.

use super::reference;
use payments::{FraudWarningId, IntentId};
use serde::Deserialize;

/// The fields in use of an early fraud warning (<https://docs.stripe.com/api/radar/early_fraud_warnings/object>). Like a
/// dispute, it has no metadata.
#[derive(Debug, Clone, Deserialize)]
pub struct FraudWarningObject {
    /// `issfr_…`.
    pub id: FraudWarningId,
    /// Whether the charge is neither disputed nor fully refunded.
    pub actionable: bool,
    /// One of seven, such as `made_with_stolen_card`.
    pub fraud_type: String,
    /// Seconds since the epoch.
    pub created: i64,
    pub livemode: bool,
    /// The intent whose charge is reported.
    #[serde(default, deserialize_with = "reference")]
    pub payment_intent: Option<IntentId>,
}
