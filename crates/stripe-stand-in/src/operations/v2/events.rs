//! Thin events (docs.stripe.com/api/v2/core/events), and the ping of an event destination.

use crate::objects::thin_events::{Related, ThinEvent};
use crate::operations::v2::accounts::finish;
use crate::operations::v2::body::{invalid, not_found};
use crate::operations::v2::pages::Pages;
use crate::state::event_log::record_thin_event;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::timestamps::parse_rfc3339;
use serde_json::{Value, json};

/// The destination that a ping names.
const DESTINATION: &str = "ed_test_StandInDestination";

type InTime = fn(i64, i64) -> bool;

/// Which creation times a filter includes, in milliseconds.
const CREATED: [(&str, InTime); 4] = [
    ("created[gt]", |created, bound| created > bound),
    ("created[gte]", |created, bound| created >= bound),
    ("created[lt]", |created, bound| created < bound),
    ("created[lte]", |created, bound| created <= bound),
];

pub(crate) fn retrieve(request: &Request<'_>, id: &str, query: Params) -> Result<Value, StripeError> {
    finish(query)?;
    let event = request.sandbox.records.thin_events.get(id).filter(|event| !event.is_expired(request.now_ms));
    event.map(ThinEvent::json).ok_or_else(|| not_found("event", id))
}

/// Every event of the last 30 days: there is no filter by delivery.
pub(crate) fn list(request: &Request<'_>, mut query: Params) -> Result<Value, StripeError> {
    let pages = Pages::take("/v2/core/events", &mut query)?;
    let object_id = query.string("object_id")?;
    let kinds = query.array("types");
    let mut times = Vec::new();
    for (name, includes) in CREATED {
        if let Some(text) = query.string(name)? {
            let bound =
                parse_rfc3339(&text).ok_or_else(|| invalid(format!("Invalid time: {text}")).param(name))?;
            times.push((includes, bound));
        }
    }
    finish(query)?;
    pages.page(
        request.sandbox.records.thin_events.rows(),
        |event| {
            !event.is_expired(request.now_ms)
                && object_id.as_ref().is_none_or(|id| event.related.as_ref().is_some_and(|it| it.id == *id))
                && (kinds.is_empty() || kinds.contains(&event.kind))
                && times.iter().all(|(includes, bound)| includes(event.created_ms, *bound))
        },
        ThinEvent::json,
    )
}

/// Sends a ping to every event destination, as the Dashboard does.
pub(crate) fn ping(request: &mut Request<'_>) -> Value {
    ping_of(request, DESTINATION);
    json!({"id": DESTINATION, "object": "v2.core.event_destination"})
}

/// Sends a ping that names a destination, and answers with its event.
pub(crate) fn ping_of(request: &mut Request<'_>, destination: &str) -> Value {
    let related = Related {
        id: destination.to_owned(),
        kind: "v2.core.event_destination".to_owned(),
        url: format!("/v2/core/event_destinations/{destination}"),
    };
    record_thin_event(request, "v2.core.event_destination.ping", Some(related), None);
    let events = request.sandbox.records.thin_events.rows();
    events.values().next_back().map(ThinEvent::json).unwrap_or_default()
}
