//! A PaymentIntent, as far as we read it.

use super::{ListObject, lower_case, null_as_empty, reference, secret};
use payments::{AccountId, ChargeId, IntentId, Secret};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A PaymentIntent (<https://docs.stripe.com/api/payment_intents/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct IntentObject {
    /// `pi_…`.
    pub id: IntentId,
    /// As sent; one of the lifecycle's seven.
    pub status: String,
    /// To be charged, in minor units.
    pub amount: i64,
    /// Charged, in minor units.
    #[serde(default)]
    pub amount_received: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// Seconds since the epoch.
    pub created: i64,
    /// Whether real money moves.
    pub livemode: bool,
    /// For the sender's app, to confirm with. Not in events to every endpoint.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<Secret>,
    /// The last charge that was attempted, since API version 2022-11-15.
    #[serde(default)]
    pub latest_charge: Option<LatestCharge>,
    /// The charges that were attempted, newest first, before API version 2022-11-15.
    #[serde(default)]
    pub charges: Option<ListObject<AttemptObject>>,
    /// Why the last attempt failed; cleared by the next.
    #[serde(default)]
    pub last_payment_error: Option<PaymentErrorObject>,
    /// Why it was canceled.
    #[serde(default)]
    pub cancellation_reason: Option<String>,
    /// Ours, if it has our keys.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Where the money goes on to.
    #[serde(default)]
    pub transfer_data: Option<TransferDataObject>,
    /// Whose the charge is on the card's statement.
    #[serde(default, deserialize_with = "reference")]
    pub on_behalf_of: Option<AccountId>,
    /// `automatic` for ours.
    #[serde(default)]
    pub capture_method: Option<String>,
}

impl IntentObject {
    /// Whether the sender has paid it, or the network is about to say so: it cannot be canceled any more.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        ["succeeded", "processing"].contains(&self.status.as_str())
    }
}

/// `latest_charge`: its id, or the charge itself where it is expanded.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum LatestCharge {
    /// `ch_…`.
    Id(ChargeId),
    /// Expanded.
    Expanded(AttemptObject),
}

/// A charge, as far as an intent tells of it.
#[derive(Debug, Clone, Deserialize)]
pub struct AttemptObject {
    /// `ch_…`.
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
    /// The charge that failed; none when it did not come to one.
    #[serde(default)]
    pub charge: Option<ChargeId>,
}

/// `transfer_data`.
#[derive(Debug, Clone, Deserialize)]
pub struct TransferDataObject {
    /// The connected account.
    #[serde(default, deserialize_with = "reference")]
    pub destination: Option<AccountId>,
    /// What it gets, in minor units; none means everything.
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
