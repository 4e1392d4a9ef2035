//! A PaymentIntent as Stripe sends it.

use super::{ListObject, lower_case, null_as_empty, reference, secret};
use payments::{AccountId, ChargeId, IntentId, Secret};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a PaymentIntent (<https://docs.stripe.com/api/payment_intents/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct IntentObject {
    pub id: IntentId,
    /// As sent; one of seven.
    pub status: String,
    /// What is to be charged, in minor units.
    pub amount: i64,
    /// What was charged, in minor units.
    #[serde(default)]
    pub amount_received: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// Seconds since the epoch.
    pub created: i64,
    pub livemode: bool,
    /// The sender's app confirms the intent with it. Events to some endpoints do not contain it.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<Secret>,
    /// The latest attempt, since API version 2022-11-15.
    #[serde(default)]
    pub latest_charge: Option<LatestCharge>,
    /// All attempts, newest first, before API version 2022-11-15.
    #[serde(default)]
    pub charges: Option<ListObject<AttemptObject>>,
    /// Why the latest attempt failed; the next attempt clears it.
    #[serde(default)]
    pub last_payment_error: Option<PaymentErrorObject>,
    #[serde(default)]
    pub cancellation_reason: Option<String>,
    /// Contains the platform's keys if the platform created the intent.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Where the creator's share goes.
    #[serde(default)]
    pub transfer_data: Option<TransferDataObject>,
    /// The account that the card's statement names.
    #[serde(default, deserialize_with = "reference")]
    pub on_behalf_of: Option<AccountId>,
    /// `automatic` for the platform's own intents.
    #[serde(default)]
    pub capture_method: Option<String>,
}

impl IntentObject {
    /// Whether the intent is paid, or its payment is processing. It cannot be canceled then.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        ["succeeded", "processing"].contains(&self.status.as_str())
    }
}

/// `latest_charge`: the charge where it is expanded, otherwise its id.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum LatestCharge {
    Id(ChargeId),
    Expanded(AttemptObject),
}

/// A charge inside an intent.
#[derive(Debug, Clone, Deserialize)]
pub struct AttemptObject {
    pub id: ChargeId,
    /// `succeeded`, `pending` or `failed`.
    #[serde(default)]
    pub status: Option<String>,
}

/// `last_payment_error`, without its message.
#[derive(Debug, Clone, Deserialize)]
pub struct PaymentErrorObject {
    /// Such as `card_declined`.
    #[serde(default)]
    pub code: Option<String>,
    /// Such as `insufficient_funds`.
    #[serde(default)]
    pub decline_code: Option<String>,
    /// The failed charge; none when the attempt failed before a charge was made.
    #[serde(default)]
    pub charge: Option<ChargeId>,
}

/// `transfer_data`: which account receives a part of the charge.
#[derive(Debug, Clone, Deserialize)]
pub struct TransferDataObject {
    #[serde(default, deserialize_with = "reference")]
    pub destination: Option<AccountId>,
    /// What the destination receives, in minor units; none means the whole charge.
    #[serde(default)]
    pub amount: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn minimal() -> Value {
        json!({"id": "pi_1", "status": "processing", "amount": 5, "currency": "USD", "created": 7,
            "livemode": false})
    }

    fn read(change: Value) -> IntentObject {
        let mut intent = minimal();
        let fields = intent.as_object_mut().expect("object");
        fields.extend(change.as_object().expect("object").clone());
        serde_json::from_value(intent).expect("reads")
    }

    #[test]
    fn an_intent_with_the_least_of_fields_is_read() {
        let intent = read(json!({}));
        assert_eq!(intent.currency, "usd");
        assert!(intent.metadata.is_empty() && intent.client_secret.is_none());
        let nulls = read(json!({"metadata": null, "client_secret": null, "latest_charge": null,
            "transfer_data": null, "on_behalf_of": null, "last_payment_error": null}));
        assert!(nulls.metadata.is_empty() && nulls.transfer_data.is_none());
    }

    #[test]
    fn references_are_read_expanded_or_not() {
        let acct = AccountId::parse("acct_1").expect("id");
        for destination in [json!("acct_1"), json!({"id": "acct_1", "object": "account"})] {
            let intent = read(json!({"transfer_data": {"destination": destination, "amount": 4},
                "on_behalf_of": destination}));
            let transfer = intent.transfer_data.expect("transfer data");
            assert_eq!(transfer.destination.as_ref(), Some(&acct));
            assert_eq!(transfer.amount, Some(4));
            assert_eq!(intent.on_behalf_of, Some(acct.clone()));
        }
    }

    #[test]
    fn an_id_of_another_kind_is_not_read() {
        for (field, value) in [
            ("id", json!("ch_1")),
            ("id", json!(7)),
            ("latest_charge", json!("pi_1")),
            ("amount", json!("5")),
            ("amount", json!(5.5)),
        ] {
            let mut intent = minimal();
            intent[field] = value;
            assert!(serde_json::from_value::<IntentObject>(intent).is_err(), "{field}");
        }
    }

    #[test]
    fn debug_leaves_the_client_secret_out() {
        let intent = read(json!({"client_secret": "pi_1_secret_abc"}));
        assert_eq!(intent.client_secret.as_ref().map(Secret::expose), Some(&b"pi_1_secret_abc"[..]));
        assert!(!format!("{intent:?}").contains("secret_abc"));
    }
}
