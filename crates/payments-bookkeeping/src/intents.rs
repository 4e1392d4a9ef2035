//! Intents that nobody shall pay any more, and intents seen anew.

use crate::apply_facts::apply_retrieved;
use crate::transfer_instructions::execute_or_defer;
use crate::{BookkeepingError, Work};
use payments::{IntentId, IntentSnapshot, Payment, Stamp, StripeCall, Timestamp};
use payments_services::Services;
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, Refusal, StripeError, UnknownStatus};
use std::future::ready;

/// Does what a payment calls for after changed: cancels its intent when it is unwanted, and moves the creator's share.
///
/// # Errors
/// [`BookkeepingError`], when an unwanted intent could not be canceled: the news is not done with. A movement that fails is left to
/// reconciliation.
pub fn follow_up<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let stored = if stored.value.should_cancel_intent(now) {
            cancel_intent(services, stored, now).await?
        } else {
            stored
        };
        Ok(execute_or_defer(services, stored, now).await)
    })
}

/// Retrieves a payment's intent and learns what it tells.
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

/// Cancels the open intent. A refusal says that it has ended already, or is being paid: it is seen how.
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

/// Writes to a payment the intent that was created for it. The webhook writes the same; whoever is first wins.
///
/// # Errors
/// [`BookkeepingError`]; doing it again is safe.
pub fn attach_intent<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    intent: &IntentObject,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    match intent.snapshot_at_creation() {
        Ok(seen) => apply_retrieved(services, stored, now, move |payment| seen.facts(payment)),
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
    apply_retrieved(services, stored, now, |payment| seen.facts(payment)).await
}

/// A payment as its intent, just retrieved, shows it. Nothing is written: the webhook and the sweep bring the row up to
/// date.
///
/// # Errors
/// [`BookkeepingError`], when the intent is not the payment's or cannot be read.
pub fn shown(payment: Payment, intent: &IntentObject, now: Timestamp) -> Result<Payment, BookkeepingError> {
    let facts = seen_now(&payment, intent, now)?
        .facts(&payment)
        .map_err(|mismatch| BookkeepingError::Mismatch { payment: payment.id().clone(), mismatch })?;
    Ok(payment.join(&facts).map_or(payment, |change| change.after))
}

/// What was retrieved beats every event of its second.
fn seen_now(
    payment: &Payment,
    intent: &IntentObject,
    now: Timestamp,
) -> Result<IntentSnapshot, UnknownStatus> {
    let seen_at_s = payment.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
    intent.snapshot(Stamp::of_retrieval(seen_at_s, now.millis()))
}

/// What search says of a payment's intent.
#[derive(Debug)]
pub enum FoundIntent {
    /// It names the payment.
    Found(Box<IntentObject>),
    /// None names it. Search lags behind, so whoever closes a payment for want of an intent has waited for the sweep of
    /// its time.
    NotFound,
    /// Search is not offered everywhere. Nothing follows from it.
    SearchRefused(Refusal),
}

/// Looks for the intent that names a payment.
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
