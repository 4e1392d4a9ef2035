//! Intents that nobody shall pay any more, and intents seen anew.

use crate::learn::learn_ours;
use crate::transfer_instructions::settle_or_leave;
use crate::{BookkeepingError, Work};
use payments::{IntentId, Payment, Stamp, StripeCall, Timestamp};
use payments_services::Services;
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentView, StripeError};

/// Does what a payment calls for after news: cancels its intent when it is unwanted, and moves the creator's share.
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
        Ok(settle_or_leave(services, stored, now).await)
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
        learn_intent(services, stored, &intent, now).await
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
        let key = StripeCall::Cancel(fastrand::u64(..)).key(stored.value.id());
        let stripe = services.stripe_session().await?;
        match stripe.cancel_intent(&id, reason(&stored.value), &key).await {
            Ok(intent) => learn_intent(services, stored, &intent, now).await,
            Err(StripeError::Refused { .. }) => retrieve_intent(services, stored, now).await,
            Err(error) => Err(error.into()),
        }
    })
}

fn reason(payment: &Payment) -> CancellationReason {
    if payment.is_card_testing() { CancellationReason::Fraudulent } else { CancellationReason::Abandoned }
}

/// What was retrieved beats every event of its second.
pub(crate) async fn learn_intent(
    services: &Services,
    stored: Stored<Payment>,
    intent: &IntentView,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    let seen_at_s = stored.value.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
    let seen = intent.observed(Stamp::of_retrieval(seen_at_s, now.millis()))?;
    learn_ours(services, stored, now, |payment| seen.facts(payment)).await
}

/// The intents that name a payment, as search finds them. An empty answer proves nothing by itself, and search is not
/// offered everywhere; whoever closes a payment for want of an intent has waited for the sweep of its time.
pub(crate) async fn find_intent(
    services: &Services,
    payment: &Payment,
) -> Result<Option<IntentView>, BookkeepingError> {
    let found = services.stripe_session().await?.find_intents(payment.id()).await;
    let known: Option<&IntentId> = payment.state.intent.as_ref();
    let is_it = |intent: &IntentView| known.is_none_or(|known| *known == intent.id);
    match found {
        Ok(found) => Ok(found.into_iter().find(is_it)),
        Err(StripeError::Refused { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
