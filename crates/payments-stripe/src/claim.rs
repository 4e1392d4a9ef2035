//! Whose an object is, read before what it says.
//!
//! The Stripe account may have objects of other programs and of other deployments, of any shape. Whose an object is must be
//! known even where it cannot be parsed: only what is ours is parked.

use crate::metadata::{self, DEPLOYMENT_METADATA_KEY, PAYMENT_ID_METADATA_KEY};
use payments::{DeploymentId, IntentId, PaymentId};
use serde_json::Value;
use std::collections::BTreeMap;

/// What an object says about whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// The payment that the object itself names.
    pub payment: Option<PaymentId>,
    /// The deployment that wrote the metadata.
    pub deployment: Option<String>,
    /// The object's intent.
    pub intent: Option<IntentId>,
    pub kind: ClaimKind,
}

/// How an object is connected with its payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClaimKind {
    /// By its metadata, which it has from us or inherits from its intent.
    #[default]
    Named,
    /// A refund has metadata if we requested it. Every refund has an intent.
    Refund,
    /// A dispute has no metadata of ours, only an intent.
    Dispute,
    /// An early fraud warning has no metadata, only an intent.
    FraudWarning,
}

/// What an event of any shape says about whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventClaim {
    pub livemode: Option<bool>,
    /// On a connected account; its id, as sent.
    pub account: Option<String>,
    pub object: Claim,
}

impl Claim {
    pub(crate) fn new(metadata: &BTreeMap<String, String>, intent: Option<IntentId>) -> Self {
        let deployment = metadata.get(DEPLOYMENT_METADATA_KEY).cloned();
        Self { payment: metadata::payment_id(metadata), deployment, intent, kind: ClaimKind::Named }
    }

    /// Reads an object of any shape.
    pub(crate) fn of(object: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let metadata = &object["metadata"];
        let named = metadata[PAYMENT_ID_METADATA_KEY].as_str().and_then(|id| PaymentId::parse(id).ok());
        let kind = object["object"].as_str().unwrap_or_default();
        let group = object["transfer_group"].as_str().filter(|_| kind == "transfer");
        let group = group.and_then(|group| PaymentId::parse(group).ok());
        let intent = match (kind, &object["payment_intent"]) {
            ("payment_intent", _) => &object["id"],
            (_, Value::Object(expanded)) => expanded.get("id").unwrap_or(&Value::Null),
            (_, reference) => reference,
        };
        Self {
            payment: named.or(group),
            deployment: text(&metadata[DEPLOYMENT_METADATA_KEY]),
            intent: intent.as_str().and_then(|id| IntentId::parse(id).ok()),
            kind: match kind {
                "refund" => ClaimKind::Refund,
                "dispute" => ClaimKind::Dispute,
                "radar.early_fraud_warning" => ClaimKind::FraudWarning,
                _ => ClaimKind::Named,
            },
        }
    }

    /// Whether another deployment wrote the metadata.
    #[must_use]
    pub fn is_of_other(&self, deployment: &DeploymentId) -> bool {
        self.deployment.as_deref().is_some_and(|other| other != deployment.as_str())
    }

    /// Whether this deployment wrote the metadata.
    #[must_use]
    pub fn is_of(&self, deployment: &DeploymentId) -> bool {
        self.deployment.as_deref() == Some(deployment.as_str())
    }
}

impl EventClaim {
    /// None for a body that is not an event: nothing says whose it is. An account, or an object of any shape, says it, or
    /// the event is not ours.
    pub(crate) fn of(body: &[u8]) -> Option<Self> {
        let event: Value = serde_json::from_slice(body).ok()?;
        let account = event["account"].as_str().map(str::to_owned);
        let object = event["data"].get("object").map(Claim::of);
        if account.is_none() && object.is_none() {
            return None;
        }
        let object = object.unwrap_or_default();
        Some(Self { livemode: event["livemode"].as_bool(), account, object })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whose_an_object_is_can_be_read_whatever_else_it_is() {
        let id = "pay_0123456789abcdef0123456789abcdef";
        let metadata = json!({"payment_id": id, "deployment": "other"});
        let claim =
            Claim::of(&json!({"object": "payment_intent", "id": "pi_1", "amount": [], "metadata": metadata}));
        assert_eq!(claim.payment.as_ref().map(PaymentId::as_str), Some(id));
        assert_eq!(claim.intent.as_ref().map(IntentId::as_str), Some("pi_1"));
        let [other, ours] = ["other", "ours"].map(|id| DeploymentId::parse(id).expect("id"));
        assert!(claim.is_of(&other) && claim.is_of_other(&ours) && claim.kind == ClaimKind::Named);
        let refund =
            Claim::of(&json!({"object": "refund", "payment_intent": {"id": "pi_2"}, "metadata": null}));
        assert_eq!(refund.intent.as_ref().map(IntentId::as_str), Some("pi_2"));
        assert!(refund.kind == ClaimKind::Refund && !refund.is_of(&ours) && !refund.is_of_other(&ours));
        let transfer = Claim::of(&json!({"object": "transfer", "transfer_group": id}));
        assert_eq!(transfer.payment.as_ref().map(PaymentId::as_str), Some(id));
        for odd in [json!(null), json!([1]), json!("pi_1"), json!({"metadata": [], "payment_intent": 7})] {
            assert_eq!(Claim::of(&odd), Claim::default(), "{odd}");
        }
    }

    #[test]
    fn what_is_no_event_says_nothing() {
        for body in ["no JSON", "[]", "{}", r#"{"data": 7}"#] {
            assert_eq!(EventClaim::of(body.as_bytes()), None, "{body}");
        }
        for odd in [json!(null), json!(7), json!([]), json!("pi_1")] {
            let event = json!({"data": {"object": odd}}).to_string();
            let claim = EventClaim::of(event.as_bytes()).expect("an event");
            assert_eq!(claim.object, Claim::default(), "{odd}");
        }
        for data in [json!({"object": {}}), json!(null)] {
            let event = json!({"livemode": true, "account": "x", "data": data}).to_string();
            let claim = EventClaim::of(event.as_bytes()).expect("an event");
            assert_eq!((claim.livemode, claim.account.as_deref()), (Some(true), Some("x")));
        }
    }
}
