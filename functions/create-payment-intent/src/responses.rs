//! The response with the created payment.

use payments::{Payment, Secret, Status, Timestamp};
use payments_http::{Body, Problem, Response, StatusCode, json};
use serde::Serialize;

/// A payment, and the client secret with which the sender's app confirms it.
pub(crate) struct Created {
    pub(crate) payment: Payment,
    /// `None` once the payment is terminal.
    pub(crate) client_secret: Option<Secret>,
}

#[derive(Serialize)]
struct CreatedView<'a> {
    payment_id: &'a str,
    creator_id: &'a str,
    status: Status,
    amount: i64,
    processing_fee: i64,
    total: i64,
    currency: &'static str,
    client_secret: Option<&'a str>,
    stripe_payment_intent_id: Option<&'a str>,
    created_at: Timestamp,
}

/// Builds the 201, which a replay also gets.
pub(crate) fn created(created: Created) -> Result<Response<Body>, Problem> {
    let Created { payment, client_secret } = &created;
    let terms = &payment.terms;
    let secret = client_secret.as_ref().filter(|_| !payment.state.is_terminal());
    let view = CreatedView {
        payment_id: payment.id().as_str(),
        creator_id: terms.creator.as_str(),
        status: payment.status(),
        amount: terms.chosen.amount(),
        processing_fee: terms.fee(),
        total: terms.parameters.total.amount(),
        currency: terms.chosen.currency().code(),
        client_secret: secret.and_then(|secret| std::str::from_utf8(secret.expose()).ok()),
        stripe_payment_intent_id: payment.state.intent.as_ref().map(payments::IntentId::as_str),
        created_at: terms.created_at,
    };
    json(StatusCode::CREATED, &view)
}
