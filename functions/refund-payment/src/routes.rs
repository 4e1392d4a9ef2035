//! Dispatches each request to its route.

use crate::{create_refund, list_refunds, redirect_payment};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_REFUND: &str = "POST /v1/payments/{payment_id}/refunds";
const POST_REDIRECT: &str = "POST /v1/admin/payments/{payment_id}/redirect";
const GET_REFUNDS: &str = "GET /v1/payments/{payment_id}/refunds";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 3] = [POST_REFUND, GET_REFUNDS, POST_REDIRECT];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_REFUND => create_refund::post(services, request).await,
        GET_REFUNDS => list_refunds::get(services, request).await,
        POST_REDIRECT => redirect_payment::post(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
