//! Handles a delivery: verifies its signature, then applies its event or parks it.

use payments_bookkeeping::{Bookkeeping, EventOutcome, park};
use payments_http::{Body, Problem, Request, Response, StatusCode, boundary, json, raw_body, route_key};
use payments_services::{Metric, Services, count};
use payments_stripe::verify_signature;
use serde::Serialize;
use std::sync::Arc;

const POST_WEBHOOKS: &str = "POST /v1/stripe/webhooks";

/// The route of this function, as the gateway names it; tests compare it with the template.
pub const ROUTES: [&str; 1] = [POST_WEBHOOKS];

#[derive(Serialize)]
struct Receipt {
    received: bool,
}

/// Handles a delivery within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_WEBHOOKS => receive(services, request).await,
        _ => Err(Problem::not_found()),
    }
}

async fn receive(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let books = Bookkeeping::now(services);
    authenticate(books, request).await?;
    match books.apply_event(raw_body(request)).await? {
        EventOutcome::Applied(_) | EventOutcome::NotOurs => {}
        // The error makes Stripe deliver the event again, which retries sooner than reconciliation.
        EventOutcome::FollowUpFailed(_, error) => return Err(error.into()),
        EventOutcome::Unappliable(event) => park(services, &event).await?,
    }
    json(StatusCode::OK, &Receipt { received: true })
}

async fn authenticate(books: Bookkeeping<'_>, request: &Request) -> Result<(), Problem> {
    let secrets = books.services.secrets.webhook_secrets().await?;
    let header = request.headers().get("stripe-signature").map(|value| value.as_bytes());
    verify_signature(header, raw_body(request), &secrets, books.now.seconds()).map_err(|error| {
        count(Metric::WebhookBadSignature);
        let title = "The signature does not hold";
        let detail = "The request is not signed by Stripe with a current secret, or is too old.";
        Problem::new(StatusCode::BAD_REQUEST, "invalid_signature", title, detail).because(error)
    })
}
