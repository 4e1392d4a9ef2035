//! Events (docs.stripe.com/api/events): the record, and the JSON that is listed and delivered.

use crate::API_VERSION;
use crate::objects::deliveries::{Delivery, DeliveryState};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) const LISTED_FOR_S: i64 = 30 * 24 * 60 * 60;

/// One change of an object, with the object as it was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) kind: String,
    pub(crate) object: Value,
    pub(crate) previous_attributes: Option<Value>,
    /// `None` for events on the platform.
    pub(crate) account: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// By endpoint.
    pub(crate) deliveries: Vec<Delivery>,
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

    pub(crate) fn as_json(&self) -> EventJson<'_> {
        EventJson {
            id: &self.id,
            object: "event",
            account: self.account.as_deref(),
            api_version: API_VERSION,
            created: self.created,
            data: EventData { object: &self.object, previous_attributes: self.previous_attributes.as_ref() },
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
        self.deliveries.iter().filter(|delivery| delivery.state != DeliveryState::Delivered).count()
    }
}

/// Stripe's JSON of an event, borrowed, since events are serialized often.
#[derive(Serialize)]
pub(crate) struct EventJson<'e> {
    pub(crate) id: &'e str,
    pub(crate) object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<&'e str>,
    pub(crate) api_version: &'static str,
    pub(crate) created: i64,
    pub(crate) data: EventData<'e>,
    pub(crate) livemode: bool,
    pub(crate) pending_webhooks: usize,
    pub(crate) request: EventRequest<'e>,
    #[serde(rename = "type")]
    pub(crate) kind: &'e str,
}

#[derive(Serialize)]
pub(crate) struct EventData<'e> {
    pub(crate) object: &'e Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous_attributes: Option<&'e Value>,
}

#[derive(Serialize)]
pub(crate) struct EventRequest<'e> {
    pub(crate) id: Option<&'e str>,
    pub(crate) idempotency_key: Option<&'e str>,
}
