//! Dispatches each request to its route.

use crate::{
    block_sender, create_dashboard_link, get_settings, list_blocks, list_payouts, put_settings,
    start_onboarding,
};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_ONBOARDING: &str = "POST /v1/creators/{creator_id}/onboarding";
const POST_DASHBOARD_LINK: &str = "POST /v1/creators/{creator_id}/dashboard-link";
const GET_PAYOUTS: &str = "GET /v1/creators/{creator_id}/payouts";
const GET_SETTINGS: &str = "GET /v1/creators/{creator_id}/settings";
const PUT_SETTINGS: &str = "PUT /v1/creators/{creator_id}/settings";
const GET_BLOCKS: &str = "GET /v1/creators/{creator_id}/blocks";
const PUT_BLOCK: &str = "PUT /v1/creators/{creator_id}/blocks/{sender_id}";
const DELETE_BLOCK: &str = "DELETE /v1/creators/{creator_id}/blocks/{sender_id}";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 8] = [
    POST_ONBOARDING,
    POST_DASHBOARD_LINK,
    GET_PAYOUTS,
    GET_SETTINGS,
    PUT_SETTINGS,
    GET_BLOCKS,
    PUT_BLOCK,
    DELETE_BLOCK,
];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_ONBOARDING => start_onboarding::post(services, request).await,
        POST_DASHBOARD_LINK => create_dashboard_link::post(services, request).await,
        GET_PAYOUTS => list_payouts::get(services, request).await,
        GET_SETTINGS => get_settings::get(services, request).await,
        PUT_SETTINGS => put_settings::put(services, request).await,
        GET_BLOCKS => list_blocks::get(services, request).await,
        PUT_BLOCK => block_sender::change(services, request, true).await,
        DELETE_BLOCK => block_sender::change(services, request, false).await,
        _ => Err(Problem::not_found()),
    }
}
