//! Finds, retrieves and cancels the intents of payments.

use crate::apply_facts::{AppliedFacts, apply_retrieved};
use crate::transfer_instructions::execute_or_defer;
use crate::{BookkeepingError, Work};
use payments::{IntentId, IntentSnapshot, Payment, Stamp, StripeCall, Timestamp};
use payments_services::Services;
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, Refusal, StripeError, UnknownStatus};
use std::future::ready;

/// Does what a payment requires after a change: cancels an unwanted intent and executes the transfer instruction that
/// the change decided, or one that is left.
///
/// # Errors
/// [`BookkeepingError`] when an unwanted intent could not be canceled: the follow-up is not finished. A
/// transfer instruction that fails is left to reconciliation.
pub fn follow_up<'a>(
    services: &'a Services,
    known: AppliedFacts,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let known = if known.payment.value.should_cancel_intent(now) {
            AppliedFacts { payment: cancel_intent(services, known.payment, now).await?, ..known }
        } else {
            known
        };
        Ok(execute_or_defer(services, known, now).await)
    })
}

/// Retrieves a payment's intent and applies its facts.
///
/// # Errors
/// [`BookkeepingError`].
pub fn retrieve_intent<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
        let intent = services.stripe_session().await?.retrieve_intent(&id).await?;
        apply_intent(services, stored, &intent, now).await
    })
}

/// Cancels the open intent. Stripe refuses that for an intent that has ended or is being paid, which is then
/// retrieved.
///
/// # Errors
/// [`BookkeepingError`].
pub fn cancel_intent<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
        let key = StripeCall::CancelIntent(fastrand::u64(..)).key(stored.value.id());
        let stripe = services.stripe_session().await?;
        match stripe.cancel_intent(&id, reason(&stored.value), &key).await {
            Ok(intent) => apply_intent(services, stored, &intent, now).await,
            Err(StripeError::Refused { .. }) => retrieve_intent(services, stored, now).await,
            Err(error) => Err(error.into()),
        }
    })
}

fn reason(payment: &Payment) -> CancellationReason {
    if payment.is_card_testing() { CancellationReason::Fraudulent } else { CancellationReason::Abandoned }
}

/// Stores with a payment the intent that was created for it. The webhook stores the same, in either order.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub fn attach_intent<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    intent: &IntentObject,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    match intent.snapshot_at_creation() {
        Ok(seen) => Box::pin(async move {
            Ok(apply_retrieved(services, stored, now, move |payment| seen.facts(payment)).await?.payment)
        }),
        Err(error) => Box::pin(ready(Err(error.into()))),
    }
}

pub(crate) async fn apply_intent(
    services: &Services,
    stored: Stored<Payment>,
    intent: &IntentObject,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    let seen = seen_now(&stored.value, intent, now)?;
    Ok(apply_retrieved(services, stored, now, |payment| seen.facts(payment)).await?.payment)
}

/// The payment with the facts of its intent, which was just retrieved. Nothing is written: the webhook and
/// reconciliation update the row.
///
/// # Errors
/// [`BookkeepingError`] when the intent belongs to another payment or has an unknown status.
pub fn shown(payment: Payment, intent: &IntentObject, now: Timestamp) -> Result<Payment, BookkeepingError> {
    let facts = seen_now(&payment, intent, now)?
        .facts(&payment)
        .map_err(|mismatch| BookkeepingError::Mismatch { payment: payment.id().clone(), mismatch })?;
    Ok(payment.join(&facts).map_or(payment, |change| change.after))
}

/// A retrieved intent takes precedence over every event of its second.
fn seen_now(
    payment: &Payment,
    intent: &IntentObject,
    now: Timestamp,
) -> Result<IntentSnapshot, UnknownStatus> {
    let seen_at_s = payment.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
    intent.snapshot(Stamp::of_retrieval(seen_at_s, now.millis()))
}

/// The result of searching for a payment's intent.
#[derive(Debug)]
pub enum FoundIntent {
    Found(Box<IntentObject>),
    /// No intent names the payment. Search lags behind, so a payment may be closed for this only after
    /// waiting until it is due for reconciliation.
    NotFound,
    /// Search is not available everywhere, so nothing follows from this.
    SearchRefused(Refusal),
}

/// Searches for the intent that names a payment.
///
/// # Errors
/// [`BookkeepingError`].
pub async fn find_intent(services: &Services, payment: &Payment) -> Result<FoundIntent, BookkeepingError> {
    let found = match services.stripe_session().await?.find_intents(payment.id()).await {
        Ok(found) => found,
        Err(StripeError::Refused(refusal)) => return Ok(FoundIntent::SearchRefused(refusal)),
        Err(error) => return Err(error.into()),
    };
    let known: Option<&IntentId> = payment.state.intent.as_ref();
    let is_it = |intent: &IntentObject| known.is_none_or(|known| *known == intent.id);
    let intent = found.into_iter().find(is_it);
    Ok(intent.map_or(FoundIntent::NotFound, |intent| FoundIntent::Found(Box::new(intent))))
}
