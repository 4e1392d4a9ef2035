//! Recording of events (docs.stripe.com/api/events) and their deliveries.

use crate::objects::deliveries::{Deliveries, Delivery, DeliveryState, Payload};
use crate::objects::events::Event;
use crate::objects::thin_events::{Related, ThinEvent};
use crate::state::chaos::DeliveryPlan;
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;
use serde_json::{Map, Value};

/// The contents of an event to record: an object after its change, and what it was before.
pub(crate) struct NewEvent {
    pub(crate) object: Value,
    pub(crate) previous_attributes: Option<Value>,
    pub(crate) account: Option<String>,
}

impl From<Value> for NewEvent {
    fn from(object: Value) -> Self {
        Self { object, previous_attributes: None, account: None }
    }
}

/// The fields that differed before a change, as `previous_attributes`; `None` without a difference.
pub(crate) fn previous_attributes(before: Value, after: &Value) -> Option<Value> {
    let Value::Object(mut fields) = before else {
        return None;
    };
    fields.retain(|name, value| after.get(name) != Some(value));
    (!fields.is_empty()).then(|| fields.into())
}

/// Records an event and makes it due at every endpoint, unless the change drifts.
pub(crate) fn record_event(request: &mut Request<'_>, kind: &str, new_event: impl Into<NewEvent>) {
    if request.sandbox.is_drifting {
        return;
    }
    let NewEvent { object, previous_attributes, account } = new_event.into();
    let id = request.mint("evt_1", 23);
    let deliveries = request.sandbox.plan_deliveries(&id, Payload::Snapshot, request.now_ms);
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

/// Records a thin event and makes it due at every event destination, unless the change drifts.
pub(crate) fn record_thin_event(
    request: &mut Request<'_>,
    kind: &str,
    related: Option<Related>,
    data: Option<Map<String, Value>>,
) {
    if request.sandbox.is_drifting {
        return;
    }
    let id = request.mint("evt_test_", 23);
    let event = ThinEvent {
        id: id.clone(),
        created_ms: request.now_ms,
        kind: kind.to_owned(),
        related,
        data,
        request_id: request.id.clone(),
        idempotency_key: request.idempotency_key.clone(),
        deliveries: request.sandbox.plan_deliveries(&id, Payload::Thin, request.now_ms),
    };
    request.sandbox.records.thin_events.put(&id, event);
}

impl Sandbox {
    fn plan_deliveries(&mut self, event_id: &str, payload: Payload, now_ms: i64) -> Deliveries {
        let endpoints = self.settings.endpoints.iter().enumerate();
        let takers: Vec<usize> =
            endpoints.filter(|(_, takes)| **takes == payload).map(|(endpoint, _)| endpoint).collect();
        takers
            .into_iter()
            .map(|endpoint| (endpoint, self.plan_delivery(event_id, endpoint, now_ms)))
            .collect()
    }

    /// Makes an event due at an endpoint, subject to faults.
    fn plan_delivery(&mut self, event_id: &str, endpoint: usize, now_ms: i64) -> Delivery {
        let state = match self.chaos.next_delivery() {
            DeliveryPlan::Lose => DeliveryState::GivenUp,
            DeliveryPlan::Deliver { after_ms, duplicate_after_ms } => {
                let at_ms = now_ms + after_ms;
                self.delivery_queue.add(at_ms, event_id.to_owned(), endpoint);
                if let Some(duplicate_after_ms) = duplicate_after_ms {
                    let duplicate_ms = now_ms + duplicate_after_ms;
                    // Two deliveries at the same time would be one in the queue.
                    let duplicate_ms = if duplicate_ms == at_ms { at_ms + 1 } else { duplicate_ms };
                    self.delivery_queue.add(duplicate_ms, event_id.to_owned(), endpoint);
                }
                DeliveryState::Due { at_ms }
            }
        };
        Delivery { attempts: 0, state }
    }
}
