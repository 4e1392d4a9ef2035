//! Dispatches each request to its route.

use crate::{create_payment, create_quote, delete_payment_method, list_payment_methods};
use payments_http::{Body, Problem, Request, Response, boundary, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_QUOTES: &str = "POST /v1/quotes";
const POST_PAYMENTS: &str = "POST /v1/payments";
const GET_PAYMENT_METHODS: &str = "GET /v1/payment-methods";
const DELETE_PAYMENT_METHOD: &str = "DELETE /v1/payment-methods/{payment_method_id}";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 4] = [POST_QUOTES, POST_PAYMENTS, GET_PAYMENT_METHODS, DELETE_PAYMENT_METHOD];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_QUOTES => create_quote::post(services, request).await,
        POST_PAYMENTS => create_payment::post(services, request).await,
        GET_PAYMENT_METHODS => list_payment_methods::get(services, request).await,
        DELETE_PAYMENT_METHOD => delete_payment_method::delete(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
