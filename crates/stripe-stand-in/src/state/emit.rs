//! Events (docs.stripe.com/api/events): what happened, with the object as it was then.

use crate::objects::deliveries::{Delivery, DeliveryState};
use crate::objects::events::Event;
use crate::state::chaos::DeliveryFate;
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;
use serde_json::Value;

/// What an event tells beside its type and time.
pub(crate) struct News {
    pub(crate) object: Value,
    pub(crate) previous_attributes: Option<Value>,
    pub(crate) account: Option<String>,
}

impl From<Value> for News {
    fn from(object: Value) -> Self {
        Self { object, previous_attributes: None, account: None }
    }
}

/// What of an object was different before, as an event tells it; `None` when nothing was.
pub(crate) fn previous_attributes(before: Value, after: &Value) -> Option<Value> {
    let Value::Object(mut fields) = before else {
        return None;
    };
    fields.retain(|name, value| after.get(name) != Some(value));
    (!fields.is_empty()).then(|| fields.into())
}

/// Books an event and makes it due at every endpoint, unless chaos wants nobody to be told.
pub(crate) fn emit(request: &mut Request<'_>, kind: &str, news: impl Into<News>) {
    if request.sandbox.is_untold {
        return;
    }
    let News { object, previous_attributes, account } = news.into();
    let id = request.mint("evt_1", 23);
    let (endpoints, now_ms) = (request.sandbox.settings.endpoints, request.now_ms);
    let deliveries =
        (0..endpoints).map(|endpoint| request.sandbox.plan_delivery(&id, endpoint, now_ms)).collect();
    let event = Event {
        id: id.clone(),
        created: request.now(),
        kind: kind.to_owned(),
        object: object.to_string().into(),
        previous_attributes: previous_attributes.map(|previous| previous.to_string().into()),
        account,
        request_id: request.id.clone(),
        idempotency_key: request.idempotency_key.clone(),
        deliveries,
    };
    request.sandbox.records.events.put(&id, event);
}

impl Sandbox {
    /// Makes an event due at an endpoint, as chaos will have it.
    fn plan_delivery(&mut self, event_id: &str, endpoint: usize, now_ms: i64) -> Delivery {
        let state = match self.chaos.next_delivery() {
            DeliveryFate::Lose => DeliveryState::GivenUp,
            DeliveryFate::Deliver { after_ms, again_after_ms } => {
                let at_ms = now_ms + after_ms;
                self.pending.add(at_ms, event_id.to_owned(), endpoint);
                if let Some(again_after_ms) = again_after_ms {
                    let again_ms = now_ms + again_after_ms;
                    // Two deliveries at the same moment would be one.
                    let again_ms = if again_ms == at_ms { at_ms + 1 } else { again_ms };
                    self.pending.add(again_ms, event_id.to_owned(), endpoint);
                }
                DeliveryState::Due { at_ms }
            }
        };
        Delivery { attempts: 0, state }
    }
}
