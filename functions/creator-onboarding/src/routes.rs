//! Dispatches each request to its route.

use crate::{block_sender, get_settings, put_settings, start_onboarding};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_ONBOARDING: &str = "POST /v1/creators/{creator_id}/onboarding";
const GET_SETTINGS: &str = "GET /v1/creators/{creator_id}/settings";
const PUT_SETTINGS: &str = "PUT /v1/creators/{creator_id}/settings";
const PUT_BLOCK: &str = "PUT /v1/creators/{creator_id}/blocks/{sender_id}";
const DELETE_BLOCK: &str = "DELETE /v1/creators/{creator_id}/blocks/{sender_id}";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 5] = [POST_ONBOARDING, GET_SETTINGS, PUT_SETTINGS, PUT_BLOCK, DELETE_BLOCK];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_ONBOARDING => start_onboarding::post(services, request).await,
        GET_SETTINGS => get_settings::get(services, request).await,
        PUT_SETTINGS => put_settings::put(services, request).await,
        PUT_BLOCK => block_sender::change(services, request, true).await,
        DELETE_BLOCK => block_sender::change(services, request, false).await,
        _ => Err(Problem::not_found()),
    }
}
