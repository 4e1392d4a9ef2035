//! Early fraud warnings (docs.stripe.com/api/radar/early_fraud_warnings): a card's issuer reports a charge as fraud, mostly
//! before it disputes it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Every type of fraud that an issuer can report.
pub(crate) const FRAUD_TYPES: [&str; 7] = [
    "card_never_received",
    "fraudulent_card_application",
    "made_with_counterfeit_card",
    "made_with_lost_card",
    "made_with_stolen_card",
    "misc",
    "unauthorized_use_of_card",
];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EarlyFraudWarning {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) charge: String,
    pub(crate) payment_intent: String,
    pub(crate) fraud_type: String,
    /// The charge is neither disputed nor fully refunded.
    pub(crate) actionable: bool,
}

impl EarlyFraudWarning {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "radar.early_fraud_warning",
            "actionable": self.actionable,
            "charge": self.charge,
            "created": self.created,
            "fraud_type": self.fraud_type,
            "livemode": false,
            "payment_intent": self.payment_intent,
        })
    }
}
