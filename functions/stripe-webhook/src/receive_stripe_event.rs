//! `POST /v1/stripe/webhooks`: receives a delivery, verifies its signature, then applies its event or parks it.

use payments_bookkeeping::{Bookkeeping, EventOutcome, park};
use payments_http::{Body, Problem, ProblemCode, Request, Response, StatusCode, json, raw_body};
use payments_services::{Metric, Services, count};
use payments_stripe::verify_signature;
use serde::Serialize;

#[derive(Serialize)]
struct Receipt {
    received: bool,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
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
        let detail = "The request is not signed by Stripe with a current secret, or is too old.";
        Problem::new(ProblemCode::InvalidSignature, detail).because(error)
    })
}
