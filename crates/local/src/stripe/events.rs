//! Events, and the state of their delivery to the webhook endpoints.
//!
//! What is delivered when is decided here, purely; sending is the shell's part (`webhooks`).

use super::books::{Books, Request};
use super::errors::StripeError;
use super::form::Params;
use super::listing::Listing;
use super::records::Records;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The first wait after a failed delivery; each following one is twice as long. Stripe's own are minutes to
/// hours: too long to watch on a laptop.
const FIRST_RETRY_MS: i64 = 500;
const LONGEST_RETRY_MS: i64 = 60_000;
/// Stripe stops trying after three days; the event stays listed with `delivery_success=false`.
const GIVE_UP_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1000;
/// How long an attempt that never reported back counts as under way.
const LEASE_MS: i64 = 60_000;

/// Something that happened, with the object as it was then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    id: String,
    created: i64,
    kind: String,
    object: Value,
    previous_attributes: Option<Value>,
    /// The connected account it happened on; `None` for the platform.
    account: Option<String>,
    request_id: Option<String>,
    idempotency_key: Option<String>,
    api_version: String,
    /// By endpoint.
    deliveries: Vec<Delivery>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Delivery {
    attempts: u32,
    state: DeliveryState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeliveryState {
    Due { at_ms: i64 },
    Delivered,
    GivenUp,
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

/// Deliveries that are due or will be: (when, event, endpoint). Derived from the events.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending(BTreeSet<(i64, String, usize)>);

impl Pending {
    pub(super) fn of(records: &Records) -> Self {
        let due = records.events.rows().values().flat_map(|event| {
            event.deliveries.iter().enumerate().filter_map(|(endpoint, delivery)| match delivery.state {
                DeliveryState::Due { at_ms } => Some((at_ms, event.id.clone(), endpoint)),
                DeliveryState::Delivered | DeliveryState::GivenUp => None,
            })
        });
        Self(due.collect())
    }
}

/// One delivery to make now.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The event's id.
    pub event_id: String,
    /// Which of the endpoints it goes to.
    pub endpoint: usize,
    /// The body to post, the same bytes that the signature is made over.
    pub body: String,
    lease_ms: i64,
}

/// How a delivery went. Only a 2xx counts as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The endpoint answered 2xx.
    Yes,
    /// Another status, no answer in time, or no connection.
    No,
}

impl Books {
    /// Up to `limit` deliveries due at `now_ms`. Until [`Books::delivered`] tells how one went it is not
    /// given out again, unless a minute passes.
    pub fn due_deliveries(&mut self, now_ms: i64, limit: usize) -> Vec<Attempt> {
        let endpoints = self.settings.endpoints;
        let due: Vec<_> = self
            .pending
            .0
            .iter()
            .take_while(|(at_ms, _, _)| *at_ms <= now_ms)
            .filter(|(_, _, endpoint)| *endpoint < endpoints)
            .take(limit)
            .cloned()
            .collect();
        let mut attempts = Vec::with_capacity(due.len());
        for key in due {
            self.pending.0.remove(&key);
            let (_, event_id, endpoint) = key;
            let Some(event) = self.records.events.get(&event_id) else {
                continue;
            };
            // Pretty-printed, as Stripe sends it: a receiver that re-encodes before verifying will notice.
            let Ok(body) = serde_json::to_string_pretty(&event.json()) else {
                continue;
            };
            let lease_ms = now_ms + LEASE_MS;
            self.pending.0.insert((lease_ms, event_id.clone(), endpoint));
            attempts.push(Attempt { event_id, endpoint, body, lease_ms });
        }
        attempts
    }

    /// When the next delivery is due, in Unix milliseconds.
    #[must_use]
    pub fn next_delivery_ms(&self) -> Option<i64> {
        let endpoints = self.settings.endpoints;
        self.pending.0.iter().find(|(_, _, endpoint)| *endpoint < endpoints).map(|(at_ms, _, _)| *at_ms)
    }

    /// Books how a delivery went.
    pub fn delivered(&mut self, attempt: &Attempt, outcome: Delivered, now_ms: i64) {
        let Attempt { event_id, endpoint, lease_ms, .. } = attempt;
        self.pending.0.remove(&(*lease_ms, event_id.clone(), *endpoint));
        let Some(event) = self.records.events.get_mut(event_id) else {
            return;
        };
        let age_ms = now_ms.saturating_sub(event.created.saturating_mul(1000));
        let Some(delivery) = event.deliveries.get_mut(*endpoint) else {
            return;
        };
        if delivery.state == DeliveryState::Delivered {
            return;
        }
        let wait_ms = (FIRST_RETRY_MS << delivery.attempts.min(16)).min(LONGEST_RETRY_MS);
        delivery.attempts += 1;
        delivery.state = match outcome {
            Delivered::Yes => DeliveryState::Delivered,
            Delivered::No if age_ms >= GIVE_UP_AFTER_MS => DeliveryState::GivenUp,
            Delivered::No => DeliveryState::Due { at_ms: now_ms + wait_ms },
        };
        if let DeliveryState::Due { at_ms } = delivery.state {
            self.pending.0.insert((at_ms, event_id.clone(), *endpoint));
        }
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
        request.books.pending.0.insert((request.now_ms, id.clone(), endpoint));
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
