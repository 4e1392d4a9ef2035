//! Thin events (docs.stripe.com/event-destinations#thin-events): what changed, and no object.

use crate::objects::deliveries::Deliveries;
use crate::objects::events::LISTED_FOR_S;
use crate::wire::timestamps::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One thin event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ThinEvent {
    pub(crate) id: String,
    pub(crate) created_ms: i64,
    pub(crate) kind: String,
    /// `None` for types that name their object in the data only, such as `v2.core.account_link.returned`.
    pub(crate) related: Option<Related>,
    /// What only a retrieval of the event shows.
    pub(crate) data: Option<Map<String, Value>>,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) deliveries: Deliveries,
}

/// The object that an event is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Related {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) url: String,
}

impl ThinEvent {
    /// The event as retrieved and listed.
    pub(crate) fn json(&self) -> Value {
        let mut event = self.notification();
        event["changes"] = Value::Null;
        if let Some(data) = &self.data {
            event["data"] = data.clone().into();
        }
        event
    }

    /// The event as delivered, which is not versioned.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string_pretty(&self.notification()).unwrap_or_default()
    }

    fn notification(&self) -> Value {
        let reason = self.request_id.as_ref().map(|id| {
            let key = self.idempotency_key.as_deref().unwrap_or_default();
            json!({"type": "request", "request": {"id": id, "idempotency_key": key}})
        });
        let mut event = json!({
            "id": self.id,
            "object": "v2.core.event",
            "type": self.kind,
            "livemode": false,
            "created": rfc3339(self.created_ms),
            "context": null,
            "reason": reason,
        });
        if let Some(related) = &self.related {
            event["related_object"] = json!(related);
        }
        event
    }

    /// Whether the event is older than the 30 days for which Stripe lists events.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.created_ms) > LISTED_FOR_S * 1000
    }
}
