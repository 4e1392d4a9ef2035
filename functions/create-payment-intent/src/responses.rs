//! The response with the created payment.

use payments::{CustomerId, Payment, Secret, Status, Timestamp};
use payments_http::{Body, Problem, Response, StatusCode, json};
use serde::Serialize;

/// A payment, and the client secret with which the sender's app confirms it.
pub(crate) struct Created {
    pub(crate) payment: Payment,
    /// `None` once the payment is terminal.
    pub(crate) client_secret: Option<Secret>,
    /// `None` unless the request asks for saved cards.
    pub(crate) cards: Option<ShownCards>,
}

impl Created {
    pub(crate) fn new(payment: Payment, client_secret: Option<Secret>) -> Self {
        Self { payment, client_secret, cards: None }
    }
}

/// With what the sender's app shows saved cards.
pub(crate) struct ShownCards {
    pub(crate) customer: CustomerId,
    /// `None` where there is no session now.
    pub(crate) secret: Option<Secret>,
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
    customer_id: Option<&'a CustomerId>,
    customer_session_client_secret: Option<&'a str>,
    stripe_payment_intent_id: Option<&'a str>,
    created_at: Timestamp,
}

/// Builds the 201, which a replay also gets.
pub(crate) fn created(created: Created) -> Result<Response<Body>, Problem> {
    let Created { payment, client_secret, cards } = &created;
    let terms = &payment.terms;
    let session_secret = cards.as_ref().and_then(|cards| cards.secret.as_ref());
    let shown = |secret: Option<&'_ Secret>| {
        let secret = secret.filter(|_| !payment.state.is_terminal());
        secret.and_then(|secret| std::str::from_utf8(secret.expose()).ok().map(str::to_owned))
    };
    let (secret, session_secret) = (shown(client_secret.as_ref()), shown(session_secret));
    let view = CreatedView {
        payment_id: payment.id().as_str(),
        creator_id: terms.creator.as_str(),
        status: payment.status(),
        amount: terms.chosen.amount(),
        processing_fee: terms.fee(),
        total: terms.parameters.total.amount(),
        currency: terms.chosen.currency().code(),
        client_secret: secret.as_deref(),
        customer_id: cards.as_ref().map(|cards| &cards.customer),
        customer_session_client_secret: session_secret.as_deref(),
        stripe_payment_intent_id: payment.state.intent.as_ref().map(payments::IntentId::as_str),
        created_at: terms.created_at,
    };
    json(StatusCode::CREATED, &view)
}
