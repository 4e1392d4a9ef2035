//! From an event to a route and back.

use crate::{audit, eligibility, rollout};
use payments::{AuditId, AuditedBy, CreatorId, Reason};
use payments_function::App;
use payments_http::{Body, Caller, Problem, Request, Response, boundary, path_parameter, route_key};
use std::sync::Arc;

/// How often a change is decided anew after somebody else wrote first.
pub(crate) const TRIES: usize = 5;

const GET_ELIGIBILITY: &str = "GET /v1/admin/creators/{creator_id}/eligibility";
const PUT_ELIGIBILITY: &str = "PUT /v1/admin/creators/{creator_id}/eligibility";
const GET_AUDIT: &str = "GET /v1/admin/creators/{creator_id}/audit";
const GET_ROLLOUT: &str = "GET /v1/admin/rollout";
const PUT_ROLLOUT: &str = "PUT /v1/admin/rollout";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 5] = [GET_ELIGIBILITY, PUT_ELIGIBILITY, GET_AUDIT, GET_ROLLOUT, PUT_ROLLOUT];

/// Answers a request.
pub async fn handle(app: Arc<App>, request: Request) -> Response<Body> {
    boundary(&request, route(&app, &request)).await
}

async fn route(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        GET_ELIGIBILITY => eligibility::get(app, request).await,
        PUT_ELIGIBILITY => eligibility::put(app, request).await,
        GET_AUDIT => audit::get(app, request).await,
        GET_ROLLOUT => rollout::get(app, request).await,
        PUT_ROLLOUT => rollout::put(app, request).await,
        _ => Err(Problem::not_found()),
    }
}

/// The creator that the path names.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    CreatorId::parse(path_parameter(request, "creator_id")?)
        .map_err(|error| Problem::invalid_request(format!("creator_id: {error}.")).field("creator_id"))
}

/// Why an operator changes something, in their words.
pub(crate) fn reason(text: &str) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| Problem::invalid_request(format!("reason: {error}.")).field("reason"))
}

/// Who changes something, when and why, for the audit entry.
pub(crate) fn audited(app: &App, caller: &Caller, reason: &Reason) -> AuditedBy {
    AuditedBy {
        by: caller.user.clone(),
        at: app.clock.now(),
        id: AuditId(fastrand::u64(..)),
        reason: reason.clone(),
    }
}

/// Somebody else wrote first, again and again.
#[derive(Debug, thiserror::Error)]
#[error("lost the race against other writers too often")]
pub(crate) struct Contended;
