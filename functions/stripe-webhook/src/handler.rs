//! From a delivery to an event: authentic first, then readable, then ours.

use crate::apply::{Outcome, apply};
use payments::Timestamp;
use payments_function::App;
use payments_http::{
    Body, Metric, Problem, Request, Response, StatusCode, boundary, count, json, raw_body, route_key,
};
use payments_store::ParkedEvent;
use payments_stripe::{EventUnreadable, StripeEvent, parse_event, verify_signature};
use serde::Serialize;
use std::sync::Arc;

const POST_WEBHOOKS: &str = "POST /v1/stripe/webhooks";

/// The route that the gateway sends here.
pub const ROUTES: [&str; 1] = [POST_WEBHOOKS];

#[derive(Serialize)]
struct Receipt {
    received: bool,
}

/// Answers a delivery.
pub async fn handle(app: Arc<App>, request: Request) -> Response<Body> {
    boundary(&request, route(&app, &request)).await
}

async fn route(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match route_key(request) {
        POST_WEBHOOKS => receive(app, request).await,
        _ => Err(Problem::not_found()),
    }
}

async fn receive(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let now = app.clock.now();
    let body = raw_body(request);
    authenticate(app, request, body, now).await?;
    match read(app, body) {
        Read::Event(event) => match apply(app, &event, now).await? {
            Outcome::Applied => {}
            Outcome::NotOurs => count(Metric::WebhookNotOurs),
            Outcome::Parked(reason) => park(app, Label::of(&event), reason, body, now).await?,
        },
        Read::WrongMode => count(Metric::WebhookWrongMode),
        Read::Unreadable(error) => {
            let reason = payments_http::causes(&error);
            let label = Label { id: error.event_id, kind: error.event_type };
            park(app, label, reason, body, now).await?;
        }
    }
    json(StatusCode::OK, &Receipt { received: true })
}

async fn authenticate(app: &App, request: &Request, body: &[u8], now: Timestamp) -> Result<(), Problem> {
    let secrets = app.secrets.webhook_secrets().await.map_err(Problem::unavailable)?;
    let header = request.headers().get("stripe-signature").map(|value| value.as_bytes());
    verify_signature(header, body, &secrets, now.seconds()).map_err(|error| {
        count(Metric::WebhookBadSignature);
        Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_signature",
            "The signature does not hold",
            "The request is not signed by Stripe with a current secret, or is too old.",
        )
        .because(error)
    })
}

enum Read {
    Event(StripeEvent),
    /// Stripe sends events of test mode to live Connect endpoints, too.
    WrongMode,
    Unreadable(EventUnreadable),
}

fn read(app: &App, body: &[u8]) -> Read {
    match parse_event(body) {
        Ok(event) if event.livemode == app.config.livemode => Read::Event(event),
        Ok(_) => Read::WrongMode,
        Err(error) => Read::Unreadable(error),
    }
}

/// What is known of an event that is parked.
struct Label {
    id: Option<payments::EventId>,
    kind: Option<String>,
}

impl Label {
    fn of(event: &StripeEvent) -> Self {
        Self { id: Some(event.id.clone()), kind: Some(event.event_type.clone()) }
    }
}

/// Keeps an authentic event that cannot be applied, with its body, where an operator sees it.
async fn park(app: &App, label: Label, reason: String, body: &[u8], now: Timestamp) -> Result<(), Problem> {
    let event = ParkedEvent {
        event_id: label.id,
        event_type: label.kind,
        reason,
        body: body.to_vec(),
        received_at: now,
    };
    app.store.park(&event).await.map_err(Problem::unavailable)?;
    tracing::error!(event = ?event, "an authentic event is parked");
    count(Metric::WebhookParked);
    Ok(())
}
