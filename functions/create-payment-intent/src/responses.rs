//! The responses: the created payment, and refusals.

use payments::{
    ClosedReason, Decision, Payment, ReasonCode, Receiver, Secret, Status, StripeMinimum, Timestamp,
};
use payments_http::{Body, Problem, Response, StatusCode, json};
use payments_services::{Metric, Services, count};
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

/// Refuses a quote or a payment. Reasons why the creator cannot receive take precedence over reasons about the request.
pub(crate) fn refusal(
    services: &Services,
    decision: &Decision,
    receiver: &Receiver,
    now: Timestamp,
) -> Problem {
    let reasons: Vec<ReasonCode> = decision.reasons().collect();
    let about_request = reasons.first().filter(|_| decision.not_receiving().is_empty());
    let Some(reason) = about_request.copied() else { return not_receiving(reasons) };
    if reason == ReasonCode::SenderLimit {
        return limited(decision.limited_until.unwrap_or(now), now).reasons(reasons);
    }
    let policy = &services.config.policy;
    let detail = if reason == ReasonCode::CurrencyMismatch {
        let currency = receiver.currency(policy);
        format!("This creator receives money in {currency}. Choose an amount in {currency}.")
    } else {
        reason.message().to_owned()
    };
    let problem = Problem::unprocessable(reason.as_str(), detail).reasons(reasons);
    match reason {
        ReasonCode::AmountBelowMinimum => problem.field("amount").limit(receiver.min_amount(policy)),
        ReasonCode::AmountAboveMaximum => problem.field("amount").limit(receiver.max_amount(policy)),
        ReasonCode::CurrencyUnsupported | ReasonCode::CurrencyMismatch => problem.field("currency"),
        ReasonCode::Paused
        | ReasonCode::NotInAWave
        | ReasonCode::WaveNotStarted
        | ReasonCode::WaveHalted
        | ReasonCode::DisabledByOperator
        | ReasonCode::NoAccount
        | ReasonCode::AccountRestricted
        | ReasonCode::CountryUnsupported
        | ReasonCode::UnavailableToYou
        | ReasonCode::SelfPayment
        | ReasonCode::SenderLimit
        | ReasonCode::SenderHeld => problem.field("creator_id"),
    }
}

/// Refuses a sender who has reached a limit, until it ends. The limit is not named, because a card tester could then
/// stay below it.
pub(crate) fn limited(until: Timestamp, now: Timestamp) -> Problem {
    count(Metric::SenderLimited);
    let reason = ReasonCode::SenderLimit;
    let seconds = (until.millis() - now.millis() + 999).div_euclid(1_000).max(1);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, reason.as_str(), "A limit is reached", reason.message())
        .retry_after_s(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// Refuses a payment that is closed, on the first request and on every retry.
pub(crate) fn closed(reason: &ClosedReason) -> Problem {
    match reason {
        ClosedReason::NotReceiving(reasons) => not_receiving(reasons.iter().copied()),
        ClosedReason::AmountTooSmall(minimum) => amount_too_small(minimum.as_ref()),
        ClosedReason::AmountTooLarge => {
            let detail = "The total is more than Stripe charges at once. Choose a smaller amount.";
            about_request(ReasonCode::AmountAboveMaximum, "amount", detail)
        }
        ClosedReason::CurrencyUnsupported => {
            let reason = ReasonCode::CurrencyUnsupported;
            about_request(reason, "currency", reason.message())
        }
        ClosedReason::RefusedByStripe => Problem::unprocessable(
            "payment_refused",
            "The payment was refused and is closed. Nothing was charged.",
        ),
        ClosedReason::Abandoned => Problem::unprocessable(
            "payment_refused",
            "The payment could not be set up and is closed. Nothing was charged. Start a new one.",
        ),
    }
}

fn amount_too_small(minimum: Option<&StripeMinimum>) -> Problem {
    let of_what = minimum.map(|minimum| format!(" of {}", minimum.as_str())).unwrap_or_default();
    let detail = format!(
        "The total is less than Stripe's minimum charge{of_what}, which applies after conversion. Choose a larger amount."
    );
    about_request(ReasonCode::AmountBelowMinimum, "amount", &detail)
}

fn about_request(reason: ReasonCode, field: &str, detail: &str) -> Problem {
    Problem::unprocessable(reason.as_str(), detail).field(field).reasons([reason])
}

/// Refuses to show a payment that Stripe does not show; nothing has changed.
pub(crate) fn not_shown() -> Problem {
    Problem::unprocessable("payment_refused", "Stripe does not show this payment. Nothing was changed.")
}

fn not_receiving(reasons: impl IntoIterator<Item = ReasonCode>) -> Problem {
    let detail = "This creator cannot receive this payment.";
    Problem::new(StatusCode::FORBIDDEN, "creator_not_receiving", "The creator cannot receive", detail)
        .reasons(reasons)
}
