//! From an event to a route and back.

use crate::{earnings, feedback, payment, profile};
use payments_function::App;
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use std::sync::Arc;

const GET_CREATOR: &str = "GET /v1/creators/{creator_id}";
const GET_EARNINGS: &str = "GET /v1/creators/{creator_id}/earnings";
const GET_PAYMENT: &str = "GET /v1/payments/{payment_id}";
const POST_FEEDBACK: &str = "POST /v1/feedback";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 4] = [GET_CREATOR, GET_EARNINGS, GET_PAYMENT, POST_FEEDBACK];

/// Answers a request.
pub async fn handle(app: Arc<App>, request: Request) -> Response<Body> {
    boundary(&request, route(&app, &request)).await
}

async fn route(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        GET_CREATOR => profile::get(app, request).await,
        GET_EARNINGS => earnings::get(app, request).await,
        GET_PAYMENT => payment::get(app, request).await,
        POST_FEEDBACK => feedback::post(app, request).await,
        _ => Err(Problem::not_found()),
    }
}
