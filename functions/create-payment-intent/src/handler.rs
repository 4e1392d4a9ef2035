//! From an event to a route and back.

use crate::{payment, quote};
use payments_http::{Body, Clock, Config, Problem, Request, Response, Secrets, boundary, route_key};
use payments_store::Store;
use payments_stripe::Stripe;
use std::sync::Arc;

/// What the function works with; built once, at start.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// Stripe's key, and the keys of quotes and payment ids.
    pub secrets: Secrets,
    /// The table.
    pub store: Store,
    /// Stripe.
    pub stripe: Stripe,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

const POST_QUOTES: &str = "POST /v1/quotes";
const POST_PAYMENTS: &str = "POST /v1/payments";

/// The routes that the gateway sends here.
pub const ROUTES: [&str; 2] = [POST_QUOTES, POST_PAYMENTS];

/// Answers a request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    boundary(&request, route(app, &request)).await
}

async fn route(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_QUOTES => quote::post(app, request).await,
        POST_PAYMENTS => payment::post(app, request).await,
        _ => Err(Problem::not_found()),
    }
}
