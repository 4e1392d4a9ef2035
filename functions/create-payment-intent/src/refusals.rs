//! How a quote or a payment that is not made is answered.

use payments::{ClosedReason, Decision, ReasonCode, Receiver, StripeMinimum, Timestamp};
use payments_bookkeeping::BookkeepingError;
use payments_http::{Problem, ProblemCode};
use payments_services::{Metric, Services, count};
use payments_stripe::StripeError;

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
    let policy = &services.config.policy;
    let detail = if reason == ReasonCode::CurrencyMismatch {
        let currency = receiver.currency(policy);
        format!("This creator receives money in {currency}. Choose an amount in {currency}.")
    } else {
        reason.message().to_owned()
    };
    let problem = |code| Problem::new(code, &*detail).reasons(reasons.iter().copied());
    match reason {
        ReasonCode::AmountBelowMinimum => {
            problem(ProblemCode::AmountBelowMinimum).field("amount").limit(receiver.min_amount(policy))
        }
        ReasonCode::AmountAboveMaximum => {
            problem(ProblemCode::AmountAboveMaximum).field("amount").limit(receiver.max_amount(policy))
        }
        ReasonCode::CurrencyUnsupported => problem(ProblemCode::CurrencyUnsupported).field("currency"),
        ReasonCode::CurrencyMismatch => problem(ProblemCode::CurrencyMismatch).field("currency"),
        ReasonCode::SelfPayment => problem(ProblemCode::SelfPayment).field("creator_id"),
        ReasonCode::SenderLimit => limited(decision.limited_until.unwrap_or(now), now).reasons(reasons),
        ReasonCode::Paused
        | ReasonCode::NotInAWave
        | ReasonCode::WaveNotStarted
        | ReasonCode::WaveHalted
        | ReasonCode::DisabledByOperator
        | ReasonCode::NoAccount
        | ReasonCode::AccountRestricted
        | ReasonCode::CountryUnsupported
        | ReasonCode::UnavailableToYou
        | ReasonCode::SenderHeld => not_receiving(reasons),
    }
}

/// Refuses a sender who has reached a limit, until it ends. The limit is not named, because a card tester could then
/// stay below it.
pub(crate) fn limited(until: Timestamp, now: Timestamp) -> Problem {
    count(Metric::SenderLimited);
    let seconds = (until.millis() - now.millis() + 999).div_euclid(1_000).max(1);
    Problem::new(ProblemCode::SenderLimit, ReasonCode::SenderLimit.message())
        .retry_after_s(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// Refuses a payment that is closed, on the first request and on every retry.
pub(crate) fn closed(reason: &ClosedReason) -> Problem {
    match reason {
        ClosedReason::NotReceiving(reasons) => not_receiving(reasons.iter().copied()),
        ClosedReason::AmountTooSmall(minimum) => amount_too_small(minimum.as_ref()),
        ClosedReason::AmountTooLarge => {
            let detail = "The total is more than Stripe charges at once. Choose a smaller amount.";
            about_request(ProblemCode::AmountAboveMaximum, "amount", detail)
                .reasons([ReasonCode::AmountAboveMaximum])
        }
        ClosedReason::CurrencyUnsupported => {
            let reason = ReasonCode::CurrencyUnsupported;
            about_request(ProblemCode::CurrencyUnsupported, "currency", reason.message()).reasons([reason])
        }
        ClosedReason::RefusedByStripe => Problem::new(
            ProblemCode::PaymentRefused,
            "The payment was refused and is closed. Nothing was charged.",
        ),
        ClosedReason::Abandoned => Problem::new(
            ProblemCode::PaymentRefused,
            "The payment could not be set up and is closed. Nothing was charged. Start a new one.",
        ),
    }
}

fn amount_too_small(minimum: Option<&StripeMinimum>) -> Problem {
    let of_what = minimum.map(|minimum| format!(" of {}", minimum.as_str())).unwrap_or_default();
    let detail = format!(
        "The total is less than Stripe's minimum charge{of_what}, which applies after conversion. Choose a larger amount."
    );
    about_request(ProblemCode::AmountBelowMinimum, "amount", &detail)
        .reasons([ReasonCode::AmountBelowMinimum])
}

fn about_request(code: ProblemCode, field: &str, detail: &str) -> Problem {
    Problem::new(code, detail).field(field)
}

/// Refuses to show a payment that Stripe does not show; nothing has changed.
pub(crate) fn not_shown() -> Problem {
    Problem::new(ProblemCode::PaymentRefused, "Stripe does not show this payment. Nothing was changed.")
}

fn not_receiving(reasons: impl IntoIterator<Item = ReasonCode>) -> Problem {
    let detail = "This creator cannot receive this payment.";
    Problem::new(ProblemCode::CreatorNotReceiving, detail).reasons(reasons)
}

/// Why a request for a payment ends without an intent.
pub(crate) enum Unfinished {
    Closed(ClosedReason),
    /// The payment stays open, and a retry resumes it.
    Failed(BookkeepingError),
}

impl<E: Into<BookkeepingError>> From<E> for Unfinished {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Unfinished> for Problem {
    fn from(unfinished: Unfinished) -> Self {
        match unfinished {
            Unfinished::Closed(reason) => closed(&reason),
            Unfinished::Failed(BookkeepingError::Stripe(StripeError::InProgress)) => {
                let detail = "The same request is still being worked on. Repeat it.";
                Self::new(ProblemCode::RequestInProgress, detail).retry_after_s(1)
            }
            Unfinished::Failed(BookkeepingError::Stripe(StripeError::Refused(refusal))) => {
                not_shown().because(refusal)
            }
            Unfinished::Failed(error) => error.into(),
        }
    }
}
