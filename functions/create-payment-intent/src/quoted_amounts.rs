//! The amounts of a payment: those of its quote, or without a quote those of the fee schedule.

use crate::request_body::Choice;
use payments::{Breakdown, FeeError, Quote, QuoteError, Receiver, Timestamp};
use payments_http::{Problem, ProblemCode};
use payments_services::Services;

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
            refused(ProblemCode::QuoteInvalid, "The quote is not one of this service. Ask for a new one.")
        }
        QuoteError::Expired => {
            refused(ProblemCode::QuoteExpired, "The quote has expired. Ask for a new one.")
        }
    })?;
    if quote.creator != choice.creator || quote.breakdown.chosen != choice.chosen {
        return Err(refused(
            ProblemCode::QuoteMismatch,
            "The quote is for another creator, amount or currency.",
        ));
    }
    Ok(quote.breakdown)
}

pub(crate) fn gross_up(
    services: &Services,
    choice: &Choice,
    receiver: &Receiver,
) -> Result<Breakdown, Problem> {
    // The decision has limited the chosen amount, and refused a creator without a rate: an error is a defect.
    let currency = choice.chosen.currency();
    let rate = receiver.fee_rate(&services.config.policy).ok_or(FeeError::NoSchedule { currency });
    rate.and_then(|rate| rate.gross_up(choice.chosen)).map_err(Problem::internal)
}

fn refused(code: ProblemCode, detail: &str) -> Problem {
    Problem::new(code, detail).field("quote")
}
