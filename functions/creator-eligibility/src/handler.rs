//! From an event to a route and back.

use crate::{audit, eligibility, rollout};
use payments_function::App;
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use std::sync::Arc;

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
