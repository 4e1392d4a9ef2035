//! From an event to a route and back.

use crate::refund;
use payments_function::App;
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use std::sync::Arc;

const POST_REFUND: &str = "POST /v1/payments/{payment_id}/refunds";
const GET_REFUNDS: &str = "GET /v1/payments/{payment_id}/refunds";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 2] = [POST_REFUND, GET_REFUNDS];

/// Answers a request.
pub async fn handle(app: Arc<App>, request: Request) -> Response<Body> {
    boundary(&request, route(&app, &request)).await
}

async fn route(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_REFUND => refund::post(app, request).await,
        GET_REFUNDS => refund::get(app, request).await,
        _ => Err(Problem::not_found()),
    }
}
