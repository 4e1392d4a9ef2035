//! `POST /v1/quotes`: returns the total and the processing fee, signed, so that a payment can rely on them.

use crate::create_payment::Choice;
use crate::responses::refusal;
use payments::{
    AddressId, Breakdown, FeeError, QUOTE_LIFETIME_S, Quote, QuoteError, Receiver, Timestamp, decide,
};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, source_address};
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
    let caller = Caller::of(request)?;
    let choice = Choice::of(request)?;
    let (id_key, keys) = tokio::join!(services.secrets.payment_id_key(), services.secrets.signing_keys());
    let (id_key, keys) = (id_key?, keys?);
    let address = source_address(request).map(|address| AddressId::derive(&id_key, address));
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

/// Returns the amounts of a payment: those of its quote, or without a quote those of the current fee schedule.
pub(crate) async fn amounts(
    services: &Services,
    choice: &Choice,
    receiver: &Receiver,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Breakdown, Problem> {
    let Some(token) = token else { return gross_up(services, choice, receiver) };
    let keys = services.secrets.signing_keys().await?;
    let quote = Quote::verify(token, &keys, now).map_err(|error| match error {
        QuoteError::Invalid => {
            refused("quote_invalid", "The quote is not one of this service. Ask for a new one.")
        }
        QuoteError::Expired => refused("quote_expired", "The quote has expired. Ask for a new one."),
    })?;
    if quote.creator != choice.creator || quote.breakdown.chosen != choice.chosen {
        return Err(refused("quote_mismatch", "The quote is for another creator, amount or currency."));
    }
    Ok(quote.breakdown)
}

fn gross_up(services: &Services, choice: &Choice, receiver: &Receiver) -> Result<Breakdown, Problem> {
    // The decision has limited the chosen amount, and refused a creator without a rate: an error is a defect.
    let currency = choice.chosen.currency();
    let rate = receiver.fee_rate(&services.config.policy).ok_or(FeeError::NoSchedule { currency });
    rate.and_then(|rate| rate.gross_up(choice.chosen)).map_err(Problem::internal)
}

fn refused(code: &'static str, detail: &str) -> Problem {
    Problem::unprocessable(code, detail).field("quote")
}
