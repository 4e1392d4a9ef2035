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
    pub(crate) object: Value,
    pub(crate) previous_attributes: Option<Value>,
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

    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown {
            id: &self.id,
            object: "event",
            account: self.account.as_deref(),
            api_version: API_VERSION,
            created: self.created,
            data: Data { object: &self.object, previous_attributes: self.previous_attributes.as_ref() },
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

/// Stripe's JSON of an event, borrowed: events are rendered far more often than they are made.
#[derive(Serialize)]
pub(crate) struct Shown<'e> {
    pub(crate) id: &'e str,
    pub(crate) object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<&'e str>,
    pub(crate) api_version: &'static str,
    pub(crate) created: i64,
    pub(crate) data: Data<'e>,
    pub(crate) livemode: bool,
    pub(crate) pending_webhooks: usize,
    pub(crate) request: Cause<'e>,
    #[serde(rename = "type")]
    pub(crate) kind: &'e str,
}

#[derive(Serialize)]
pub(crate) struct Data<'e> {
    pub(crate) object: &'e Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous_attributes: Option<&'e Value>,
}

#[derive(Serialize)]
pub(crate) struct Cause<'e> {
    pub(crate) id: Option<&'e str>,
    pub(crate) idempotency_key: Option<&'e str>,
}
