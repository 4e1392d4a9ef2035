//! The quarantine: lists parked events with reason and body, and redrives them.

use payments::Timestamp;
use payments_bookkeeping::{Bookkeeping, EventOutcome};
use payments_http::{
    Body, Problem, Request, Response, StatusCode, json, page_limit, path_id, query_parameter,
};
use payments_services::Services;
use payments_store::{Parked, ParkedId, ParkedSummary, RedriveOutcome, Saved, Stored};
use serde::Serialize;

#[derive(Serialize)]
struct PageView {
    items: Vec<EventView>,
    next_cursor: Option<String>,
}

/// A parked event in a response; lists leave out the body.
#[derive(Serialize)]
struct EventView {
    event_id: String,
    event_type: Option<String>,
    reason: String,
    received_at: Timestamp,
    /// When a redrive last succeeded.
    redriven_at: Option<Timestamp>,
    body_bytes: u64,
    /// The body as Stripe signed it. Absent in lists, and when it was too large to keep or is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

/// The result of a redrive.
#[derive(Serialize)]
struct RedriveView {
    event_id: String,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Applied,
    NotOurs,
    StillParked,
}

pub(crate) async fn list(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let limit = page_limit(request)?;
    let cursor = query_parameter(request, "cursor");
    let page = services.store.parked(services.clock.now(), limit, cursor).await?;
    let items = page.items.into_iter().map(EventView::from).collect();
    json(StatusCode::OK, &PageView { items, next_cursor: page.next_cursor })
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let Parked { summary, body, .. } = find(services, request).await?.value;
    let body = body.and_then(|body| String::from_utf8(body).ok());
    json(StatusCode::OK, &EventView { body, ..EventView::from(summary) })
}

/// Applies a parked event by the same code as the webhook. Repeating a redrive changes nothing.
pub(crate) async fn redrive(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let parked = find(services, request).await?;
    let body = parked.value.body.as_ref().ok_or_else(without_body)?;
    let books = Bookkeeping::now(services);
    let (done, outcome, reason) = match books.apply_event(body).await? {
        EventOutcome::Applied(_) | EventOutcome::FollowUpFailed(..) => {
            (Some(RedriveOutcome::Applied), Outcome::Applied, None)
        }
        EventOutcome::NotOurs => (Some(RedriveOutcome::NotOurs), Outcome::NotOurs, None),
        EventOutcome::Unappliable(event) => (None, Outcome::StillParked, Some(event.reason)),
    };
    if let Some(done) = done {
        // After a lost race the event is already marked, and has been applied too.
        let (Saved::Done { .. } | Saved::Raced) =
            services.store.mark_redriven(&parked, books.now, done).await?;
    }
    let event_id = parked.value.summary.id.to_string();
    json(StatusCode::OK, &RedriveView { event_id, outcome, reason })
}

async fn find(services: &Services, request: &Request) -> Result<Stored<Parked>, Problem> {
    let id = path_id(request, "event_id", ParkedId::parse)?;
    let found = services.store.parked_event(&id, services.clock.now()).await?;
    found.ok_or_else(Problem::not_found)
}

fn without_body() -> Problem {
    let detail = "The event's body was too large to keep. Reconciliation finds what it told.";
    Problem::new(StatusCode::CONFLICT, "body_not_kept", "The body is not kept", detail)
}

impl From<ParkedSummary> for EventView {
    fn from(parked: ParkedSummary) -> Self {
        Self {
            event_id: parked.id.to_string(),
            event_type: parked.event_type,
            reason: parked.reason,
            received_at: parked.received_at,
            redriven_at: parked.redriven.map(|redriven| redriven.at),
            body_bytes: parked.body_bytes,
            body: None,
        }
    }
}
