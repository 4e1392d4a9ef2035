//! `POST /v1/quotes`: returns the total and the processing fee, signed, so that a payment can rely on them.

use crate::quoted_amounts::gross_up;
use crate::refusals::refusal;
use crate::request_body::Choice;
use payments::{AddressId, QUOTE_LIFETIME_S, Quote, Timestamp, decide};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, client_address, json};
use payments_services::Services;
use payments_store::Counted;
use serde::Serialize;

#[derive(Serialize)]
struct QuoteView {
    quote: String,
    amount: i64,
    processing_fee: i64,
    total: i64,
    currency: &'static str,
    expires_at: Timestamp,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let choice = Choice::of(request)?;
    let (id_key, keys) = tokio::join!(services.secrets.payment_id_key(), services.secrets.signing_keys());
    let (id_key, keys) = (id_key?, keys?);
    let address = client_address(services, request).await?.map(|address| AddressId::derive(&id_key, address));
    let (policy, now) = (&services.config.policy, services.clock.now());
    let counted = Counted { limits: &policy.senders, address: address.as_ref(), at: now };
    let setting = services.store.decision_context(&choice.creator, &caller.user, None, &counted).await?;
    let decision = decide(&setting.question(&caller.user, Some(choice.chosen), policy, now));
    if !decision.allows() {
        return Err(refusal(services, &decision, &setting.receiver, now));
    }
    let breakdown = gross_up(services, &choice, &setting.receiver)?;
    let expires_at = services.clock.now().plus_seconds(QUOTE_LIFETIME_S);
    let quote = Quote { creator: choice.creator, breakdown, expires_at };
    let key = keys.first().ok_or_else(Problem::not_found)?;
    let view = QuoteView {
        quote: quote.sign(key),
        amount: breakdown.chosen.amount(),
        processing_fee: breakdown.fee(),
        total: breakdown.total.amount(),
        currency: breakdown.chosen.currency().code(),
        expires_at,
    };
    json(StatusCode::OK, &view)
}
