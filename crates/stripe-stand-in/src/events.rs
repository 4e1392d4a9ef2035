//! Events (docs.stripe.com/api/events): what happened, with the object as it was then.

use crate::books::Request;
use crate::deliveries::{Delivery, DeliveryState};
use crate::errors::StripeError;
use crate::form::Params;
use crate::listing::Listing;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const LISTED_FOR_S: i64 = 30 * 24 * 60 * 60;
const MAX_TYPES: usize = 20;

/// Something that happened, with the object as it was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) created: i64,
    kind: String,
    object: Value,
    previous_attributes: Option<Value>,
    /// The connected account it happened on; `None` for the platform.
    account: Option<String>,
    request_id: Option<String>,
    idempotency_key: Option<String>,
    api_version: String,
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
            api_version: &self.api_version,
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

    fn undelivered(&self) -> usize {
        self.deliveries.iter().filter(|delivery| delivery.state != DeliveryState::Delivered).count()
    }
}

/// Stripe's JSON of an event, borrowed: events are rendered far more often than they are made.
#[derive(Serialize)]
struct Shown<'e> {
    id: &'e str,
    object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'e str>,
    api_version: &'e str,
    created: i64,
    data: Data<'e>,
    livemode: bool,
    pending_webhooks: usize,
    request: Cause<'e>,
    #[serde(rename = "type")]
    kind: &'e str,
}

#[derive(Serialize)]
struct Data<'e> {
    object: &'e Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attributes: Option<&'e Value>,
}

#[derive(Serialize)]
struct Cause<'e> {
    id: Option<&'e str>,
    idempotency_key: Option<&'e str>,
}

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
    if request.books.is_untold {
        return;
    }
    let News { object, previous_attributes, account } = news.into();
    let id = request.mint("evt_1", 23);
    let (endpoints, now_ms) = (request.books.settings.endpoints, request.now_ms);
    let deliveries = (0..endpoints).map(|endpoint| request.books.dispatch(&id, endpoint, now_ms)).collect();
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
        deliveries,
    };
    request.books.records.events.put(&id, event);
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let event = request.books.records.events.get(id).filter(|event| !event.is_forgotten(request.now_ms));
    event.map(Event::json).ok_or_else(|| StripeError::no_such("event", id, "id"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
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
    if kinds.len() > MAX_TYPES {
        return Err(StripeError::invalid(format!("At most {MAX_TYPES} types may be given.")).param("types"));
    }
    let now_ms = request.now_ms;
    let wanted: Vec<String> = kind.into_iter().chain(kinds).collect();
    listing.page(
        "/v1/events",
        "event",
        request.books.records.events.rows(),
        |event| event.created,
        |event| {
            !event.is_forgotten(now_ms)
                && (wanted.is_empty() || wanted.iter().any(|pattern| matches(pattern, &event.kind)))
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
