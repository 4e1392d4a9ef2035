//! Events (docs.stripe.com/api/events): what happened, with the object as it was then.

use crate::API_VERSION;
use crate::objects::deliveries::{Delivery, DeliveryState};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) const LISTED_FOR_S: i64 = 30 * 24 * 60 * 60;

/// Something that happened, with the object as it was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) kind: String,
    /// JSON as text: events are most of what is kept, and a parsed one takes many times the memory.
    pub(crate) object: Box<str>,
    /// JSON as text.
    pub(crate) previous_attributes: Option<Box<str>>,
    /// The connected account it happened on; `None` for the platform.
    pub(crate) account: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// By endpoint.
    pub(crate) deliveries: Vec<Delivery>,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        // A string-keyed structure of JSON values: there is nothing in it that JSON cannot hold.
        serde_json::to_value(self.shown()).unwrap_or_default()
    }

    /// The event as it is delivered. Pretty-printed, as Stripe sends it: a receiver that re-encodes the body
    /// before verifying its signature will notice.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string_pretty(&self.shown()).unwrap_or_default()
    }

    fn shown(&self) -> Shown<'_> {
        Shown {
            id: &self.id,
            object: "event",
            account: self.account.as_deref(),
            api_version: API_VERSION,
            created: self.created,
            data: Data {
                object: parsed(&self.object),
                previous_attributes: self.previous_attributes.as_deref().map(parsed),
            },
            livemode: false,
            pending_webhooks: self.undelivered(),
            request: Cause {
                id: self.request_id.as_deref(),
                idempotency_key: self.idempotency_key.as_deref(),
            },
            kind: &self.kind,
        }
    }

    /// Stripe lists the events of the last 30 days.
    pub(crate) fn is_forgotten(&self, now_ms: i64) -> bool {
        now_ms.div_euclid(1000).saturating_sub(self.created) > LISTED_FOR_S
    }

    pub(crate) fn undelivered(&self) -> usize {
        self.deliveries.iter().filter(|delivery| delivery.state != DeliveryState::Delivered).count()
    }
}

fn parsed(json: &str) -> Value {
    // It was written by `Value` itself.
    serde_json::from_str(json).unwrap_or_default()
}

/// Stripe's JSON of an event.
#[derive(Serialize)]
struct Shown<'e> {
    id: &'e str,
    object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'e str>,
    api_version: &'static str,
    created: i64,
    data: Data,
    livemode: bool,
    pending_webhooks: usize,
    request: Cause<'e>,
    #[serde(rename = "type")]
    kind: &'e str,
}

#[derive(Serialize)]
struct Data {
    object: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attributes: Option<Value>,
}

#[derive(Serialize)]
struct Cause<'e> {
    id: Option<&'e str>,
    idempotency_key: Option<&'e str>,
}
