//! Events (docs.stripe.com/api/events): the record, and the JSON that is listed and delivered.

use crate::API_VERSION;
use crate::objects::deliveries::{Deliveries, DeliveryState};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) const LISTED_FOR_S: i64 = 30 * 24 * 60 * 60;

/// One change of an object, with the object as it was then.
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
    pub(crate) deliveries: Deliveries,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        // Serializing fails for keys that are not strings, which an event does not have.
        serde_json::to_value(self.as_json()).unwrap_or_default()
    }

    /// The event as delivered: pretty-printed like Stripe's, so that a receiver fails that verifies a signature over a
    /// re-encoded body.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string_pretty(&self.as_json()).unwrap_or_default()
    }

    fn as_json(&self) -> EventJson<'_> {
        EventJson {
            id: &self.id,
            object: "event",
            account: self.account.as_deref(),
            api_version: API_VERSION,
            created: self.created,
            data: EventData {
                object: parsed(&self.object),
                previous_attributes: self.previous_attributes.as_deref().map(parsed),
            },
            livemode: false,
            pending_webhooks: self.undelivered(),
            request: EventRequest {
                id: self.request_id.as_deref(),
                idempotency_key: self.idempotency_key.as_deref(),
            },
            kind: &self.kind,
        }
    }

    /// Whether the event is older than the 30 days for which Stripe lists events.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        now_ms.div_euclid(1000).saturating_sub(self.created) > LISTED_FOR_S
    }

    pub(crate) fn undelivered(&self) -> usize {
        self.deliveries.values().filter(|delivery| delivery.state != DeliveryState::Delivered).count()
    }
}

fn parsed(json: &str) -> Value {
    // `Value` wrote it.
    serde_json::from_str(json).unwrap_or_default()
}

/// Stripe's JSON of an event.
#[derive(Serialize)]
struct EventJson<'e> {
    id: &'e str,
    object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'e str>,
    api_version: &'static str,
    created: i64,
    data: EventData,
    livemode: bool,
    pending_webhooks: usize,
    request: EventRequest<'e>,
    #[serde(rename = "type")]
    kind: &'e str,
}

#[derive(Serialize)]
struct EventData {
    object: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attributes: Option<Value>,
}

#[derive(Serialize)]
struct EventRequest<'e> {
    id: Option<&'e str>,
    idempotency_key: Option<&'e str>,
}
