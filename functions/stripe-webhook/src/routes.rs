//! Dispatches each request to its route.

use crate::receive_stripe_event;
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_WEBHOOKS: &str = "POST /v1/stripe/webhooks";

/// The route of this function, as the gateway names it; tests compare it with the template.
pub const ROUTES: [&str; 1] = [POST_WEBHOOKS];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_WEBHOOKS => receive_stripe_event::post(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
