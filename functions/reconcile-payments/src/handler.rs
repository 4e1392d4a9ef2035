//! From an event to a route and back, and from the schedule's event.

use crate::slice::Occasion;
use crate::{quarantine, rebuild_counts, report, slice};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, boundary, json, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_RECONCILIATION: &str = "POST /v1/admin/reconciliations";
const GET_DRIFT: &str = "GET /v1/admin/drift";
const GET_QUARANTINE: &str = "GET /v1/admin/quarantine";
const GET_PARKED: &str = "GET /v1/admin/quarantine/{event_id}";
const POST_REDRIVE: &str = "POST /v1/admin/quarantine/{event_id}/redrive";
const POST_REBUILD: &str = "POST /v1/admin/totals/rebuild";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 6] =
    [POST_RECONCILIATION, GET_DRIFT, GET_QUARANTINE, GET_PARKED, POST_REDRIVE, POST_REBUILD];

/// How long a slice takes that somebody waits for: below the gateway's 30 s, one page's worth included.
const ON_REQUEST_S: i64 = 12;
/// How long a slice takes on the schedule: below the function's 300 s, and so that the next does not meet it.
const ON_SCHEDULE_S: i64 = 240;

/// Answers a request.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

/// Works off what the schedule asks for.
///
/// # Errors
/// When the table or Stripe is unavailable; the next time goes on from there.
pub async fn on_schedule(services: Arc<Services>) -> Result<(), Problem> {
    let reconciled = Box::pin(slice::work(&services, ON_SCHEDULE_S, Occasion::Schedule)).await;
    if let Ok(run) = &reconciled {
        tracing::info!(
            run = run.number,
            finished = run.is_finished(),
            differences = run.differences_found,
            "reconciled"
        );
    }
    // Counting needs no Stripe: it goes on whatever became of the rest.
    let counted = Box::pin(rebuild_counts::go_on(&services, ON_REQUEST_S)).await;
    reconciled.and(counted).map_err(Problem::from)
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    match route_key(request) {
        POST_RECONCILIATION => {
            let run = slice::work(services, ON_REQUEST_S, Occasion::Operator).await?;
            json(StatusCode::OK, &report::RunView::of(&run))
        }
        POST_REBUILD => rebuild_counts::rebuild(services, ON_REQUEST_S).await,
        GET_DRIFT => report::get(services).await,
        GET_QUARANTINE => quarantine::list(services, request).await,
        GET_PARKED => quarantine::get(services, request).await,
        POST_REDRIVE => quarantine::redrive(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
