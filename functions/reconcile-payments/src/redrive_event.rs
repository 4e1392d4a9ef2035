//! `POST /v1/admin/quarantine/{event_id}/redrive`: applies a parked event again.

use crate::get_parked_event::find;
use futures_util::future::BoxFuture;
use payments_bookkeeping::{Bookkeeping, EventOutcome};
use payments_http::{Body, Problem, ProblemCode, Request, Response, StatusCode, json};
use payments_services::Services;
use payments_store::{RedriveOutcome, Saved};
use serde::Serialize;

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

/// Applies a parked event by the same code as the webhook. Repeating a redrive changes nothing.
pub(crate) fn redrive<'a>(
    services: &'a Services,
    request: &'a Request,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
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
    })
}

fn without_body() -> Problem {
    let detail = "The event's body was too large to keep. Reconciliation finds what it told.";
    Problem::new(ProblemCode::BodyNotKept, detail)
}
