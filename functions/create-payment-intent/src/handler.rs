//! From an event to a route and back.

use crate::{payment, quote};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_QUOTES: &str = "POST /v1/quotes";
const POST_PAYMENTS: &str = "POST /v1/payments";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 2] = [POST_QUOTES, POST_PAYMENTS];

/// Answers a request.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_QUOTES => quote::post(services, request).await,
        POST_PAYMENTS => payment::post(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
