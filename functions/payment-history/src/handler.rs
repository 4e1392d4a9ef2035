//! Routes each request to its endpoint.

use crate::{earnings, feedback, payment, profile};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const GET_CREATOR: &str = "GET /v1/creators/{creator_id}";
const GET_EARNINGS: &str = "GET /v1/creators/{creator_id}/earnings";
const GET_PAYMENT: &str = "GET /v1/payments/{payment_id}";
const POST_FEEDBACK: &str = "POST /v1/feedback";

/// The routes that the gateway sends to this function, as written in `template.yaml`.
pub const ROUTES: [&str; 4] = [GET_CREATOR, GET_EARNINGS, GET_PAYMENT, POST_FEEDBACK];

/// Answers one request; an error becomes a problem response.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        GET_CREATOR => profile::get(services, request).await,
        GET_EARNINGS => earnings::get(services, request).await,
        GET_PAYMENT => payment::get(services, request).await,
        POST_FEEDBACK => feedback::post(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
