//! Dispatches each request to its route.

use crate::{
    get_eligibility, get_rollout, get_sender, list_audit, list_feedback, put_eligibility, put_rollout,
    put_sender, waves,
};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const GET_ELIGIBILITY: &str = "GET /v1/admin/creators/{creator_id}/eligibility";
const PUT_ELIGIBILITY: &str = "PUT /v1/admin/creators/{creator_id}/eligibility";
const GET_AUDIT: &str = "GET /v1/admin/creators/{creator_id}/audit";
const GET_SENDER: &str = "GET /v1/admin/senders/{sender_id}";
const PUT_SENDER: &str = "PUT /v1/admin/senders/{sender_id}";
const GET_SENDER_AUDIT: &str = "GET /v1/admin/senders/{sender_id}/audit";
const GET_ROLLOUT: &str = "GET /v1/admin/rollout";
const PUT_ROLLOUT: &str = "PUT /v1/admin/rollout";
const GET_ROLLOUT_AUDIT: &str = "GET /v1/admin/rollout/audit";
const GET_WAVES: &str = "GET /v1/admin/waves";
const GET_WAVE: &str = "GET /v1/admin/waves/{name}";
const PUT_WAVE: &str = "PUT /v1/admin/waves/{name}";
const POST_ROLLBACK: &str = "POST /v1/admin/waves/{name}/rollback";
const POST_RESUME: &str = "POST /v1/admin/waves/{name}/resume";
const GET_FEEDBACK: &str = "GET /v1/admin/feedback";
const GET_REPORT: &str = "GET /v1/admin/waves/{name}/report";
const GET_WAVE_AUDIT: &str = "GET /v1/admin/waves/{name}/audit";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 17] = [
    GET_ELIGIBILITY,
    PUT_ELIGIBILITY,
    GET_AUDIT,
    GET_SENDER,
    PUT_SENDER,
    GET_SENDER_AUDIT,
    GET_ROLLOUT,
    PUT_ROLLOUT,
    GET_ROLLOUT_AUDIT,
    GET_WAVES,
    GET_WAVE,
    PUT_WAVE,
    POST_ROLLBACK,
    POST_RESUME,
    GET_REPORT,
    GET_WAVE_AUDIT,
    GET_FEEDBACK,
];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        GET_ELIGIBILITY => get_eligibility::get(services, request).await,
        PUT_ELIGIBILITY => put_eligibility::put(services, request).await,
        GET_AUDIT => list_audit::of_creator(services, request).await,
        GET_SENDER => get_sender::get(services, request).await,
        PUT_SENDER => put_sender::put(services, request).await,
        GET_SENDER_AUDIT => list_audit::of_sender(services, request).await,
        GET_ROLLOUT => get_rollout::get(services, request).await,
        PUT_ROLLOUT => put_rollout::put(services, request).await,
        GET_ROLLOUT_AUDIT => list_audit::of_rollout(services, request).await,
        GET_WAVES => waves::list(services, request).await,
        GET_WAVE => waves::get(services, request).await,
        PUT_WAVE => waves::put(services, request).await,
        POST_ROLLBACK => waves::rollback(services, request).await,
        POST_RESUME => waves::resume(services, request).await,
        GET_REPORT => waves::report(services, request).await,
        GET_FEEDBACK => list_feedback::list(services, request).await,
        GET_WAVE_AUDIT => list_audit::of_wave(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
