//! Dispatches each request to its route.

use crate::{find_payments, get_creator, get_earnings, get_payment, give_feedback, list_payments};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const GET_CREATOR: &str = "GET /v1/creators/{creator_id}";
const GET_EARNINGS: &str = "GET /v1/creators/{creator_id}/earnings";
const GET_PAYMENT: &str = "GET /v1/payments/{payment_id}";
const LIST_PAYMENTS: &str = "GET /v1/payments";
const FIND_PAYMENTS: &str = "GET /v1/admin/payments";
const POST_FEEDBACK: &str = "POST /v1/feedback";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 6] =
    [GET_CREATOR, GET_EARNINGS, GET_PAYMENT, LIST_PAYMENTS, FIND_PAYMENTS, POST_FEEDBACK];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        GET_CREATOR => get_creator::get(services, request).await,
        GET_EARNINGS => get_earnings::get(services, request).await,
        GET_PAYMENT => get_payment::get(services, request).await,
        LIST_PAYMENTS => list_payments::list(services, request).await,
        FIND_PAYMENTS => find_payments::find(services, request).await,
        POST_FEEDBACK => give_feedback::post(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
