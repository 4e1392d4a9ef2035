//! Events (docs.stripe.com/api/events): what happened, with the object as it was then.

use super::books::Request;
use super::deliveries::{Delivery, DeliveryState};
use super::errors::StripeError;
use super::form::Params;
use super::listing::Listing;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Something that happened, with the object as it was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) created: i64,
    kind: String,
    object: Value,
    previous_attributes: Option<Value>,
    /// The connected account it happened on; `None` for the platform.
    account: Option<String>,
    request_id: Option<String>,
    idempotency_key: Option<String>,
    api_version: String,
    /// By endpoint.
    pub(super) deliveries: Vec<Delivery>,
}

impl Event {
    pub(super) fn json(&self) -> Value {
        let mut data = json!({"object": self.object});
        if let Some(previous) = &self.previous_attributes {
            data["previous_attributes"] = previous.clone();
        }
        let mut event = json!({
            "id": self.id,
            "object": "event",
            "api_version": self.api_version,
            "created": self.created,
            "data": data,
            "livemode": false,
            "pending_webhooks": self.undelivered(),
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": self.kind,
        });
        if let Some(account) = &self.account {
            event["account"] = account.as_str().into();
        }
        event
    }

    fn undelivered(&self) -> usize {
        self.deliveries.iter().filter(|delivery| delivery.state != DeliveryState::Delivered).count()
    }
}

/// What an event tells beside its type and time.
pub(super) struct News {
    pub(super) object: Value,
    pub(super) previous_attributes: Option<Value>,
    pub(super) account: Option<String>,
}

impl From<Value> for News {
    fn from(object: Value) -> Self {
        Self { object, previous_attributes: None, account: None }
    }
}

/// Books an event and makes it due at every endpoint.
pub(super) fn emit(request: &mut Request<'_>, kind: &str, news: impl Into<News>) {
    let News { object, previous_attributes, account } = news.into();
    let id = request.mint("evt_1", 23);
    let due = Delivery { attempts: 0, state: DeliveryState::Due { at_ms: request.now_ms } };
    let endpoints = request.books.settings.endpoints;
    for endpoint in 0..endpoints {
        request.books.pending.add(request.now_ms, id.clone(), endpoint);
    }
    let event = Event {
        id: id.clone(),
        created: request.now(),
        kind: kind.to_owned(),
        object,
        previous_attributes,
        account,
        request_id: request.id.clone(),
        idempotency_key: request.idempotency_key.clone(),
        api_version: request.books.settings.api_version.clone(),
        deliveries: vec![due; endpoints],
    };
    request.books.records.events.put(&id, event);
}

pub(super) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let event = request.books.records.events.get(id);
    event.map(Event::json).ok_or_else(|| StripeError::no_such("event", id, "id"))
}

pub(super) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let kind = params.string("type")?;
    let kinds = params.array("types");
    let delivered = params.boolean("delivery_success")?;
    params.finish()?;
    if kind.is_some() && !kinds.is_empty() {
        return Err(
            StripeError::invalid("You may pass only one of these parameters: type, types.").param("types")
        );
    }
    let wanted: Vec<String> = kind.into_iter().chain(kinds).collect();
    listing.page(
        "/v1/events",
        "event",
        request.books.records.events.rows(),
        |event| event.created,
        |event| {
            (wanted.is_empty() || wanted.iter().any(|pattern| matches(pattern, &event.kind)))
                && delivered.is_none_or(|delivered| delivered == (event.undelivered() == 0))
        },
        Event::json,
    )
}

/// `charge.*` stands for every type that begins with `charge.`.
fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    }
}
