//! Routes each request to its endpoint, and runs the schedule's slice.

use crate::slice::Occasion;
use crate::{quarantine, rebuild_counts, report, slice, statement};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, boundary, json, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_RECONCILIATION: &str = "POST /v1/admin/reconciliations";
const GET_DRIFT: &str = "GET /v1/admin/drift";
const GET_STATEMENT: &str = "GET /v1/admin/statement";
const GET_QUARANTINE: &str = "GET /v1/admin/quarantine";
const GET_PARKED: &str = "GET /v1/admin/quarantine/{event_id}";
const POST_REDRIVE: &str = "POST /v1/admin/quarantine/{event_id}/redrive";
const POST_REBUILD: &str = "POST /v1/admin/totals/rebuild";

/// The routes that the gateway sends to this function, as written in `template.yaml`.
pub const ROUTES: [&str; 7] =
    [POST_RECONCILIATION, GET_DRIFT, GET_STATEMENT, GET_QUARANTINE, GET_PARKED, POST_REDRIVE, POST_REBUILD];

/// How long a slice may take while an operator waits: less than the gateway's 30 s, with time for one more page.
const ON_REQUEST_S: i64 = 12;
/// How long a scheduled slice may take: less than the function's 300 s, so that it ends before the next one starts.
const ON_SCHEDULE_S: i64 = 240;

/// Answers one request; an error becomes a problem response.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

/// Runs one slice of reconciliation, and one of a rebuild of totals if one is in progress.
///
/// # Errors
/// The table or Stripe is unavailable; the next run continues from there.
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
    // Counting does not need Stripe, so it continues even if reconciliation failed.
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
        GET_STATEMENT => statement::get(services, request).await,
        GET_QUARANTINE => quarantine::list(services, request).await,
        GET_PARKED => quarantine::get(services, request).await,
        POST_REDRIVE => quarantine::redrive(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
