//! Intents that nobody shall pay any more, and intents seen anew.

use crate::learn::learn_ours;
use crate::transfer_instructions::execute_or_defer;
use payments::{IntentId, Payment, Stamp, StripeCall, Timestamp};
use payments_function::App;
use payments_http::Problem;
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, StripeError};

/// Does what a payment calls for after news: cancels its intent when it is unwanted, and moves the creator's share.
///
/// # Errors
/// 503, when an unwanted intent could not be canceled: the news is not done with. A movement that fails is left to
/// reconciliation.
pub async fn follow_up(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let stored =
        if stored.value.should_cancel_intent(now) { cancel_intent(app, stored, now).await? } else { stored };
    Ok(execute_or_defer(app, stored, now).await)
}

/// Retrieves a payment's intent and learns what it tells.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub async fn retrieve_intent(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
    let intent = app.stripe_session().await?.retrieve_intent(&id).await.map_err(Problem::unavailable)?;
    learn_intent(app, stored, &intent, now).await
}

/// Cancels the open intent. A refusal says that it has ended already, or is being paid: it is seen how.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub async fn cancel_intent(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
    let key = StripeCall::CancelIntent(fastrand::u64(..)).key(stored.value.id());
    let stripe = app.stripe_session().await?;
    match stripe.cancel_intent(&id, reason(&stored.value), &key).await {
        Ok(intent) => learn_intent(app, stored, &intent, now).await,
        Err(StripeError::Refused { .. }) => retrieve_intent(app, stored, now).await,
        Err(error) => Err(Problem::unavailable(error)),
    }
}

fn reason(payment: &Payment) -> CancellationReason {
    if payment.is_card_testing() { CancellationReason::Fraudulent } else { CancellationReason::Abandoned }
}

/// What was retrieved beats every event of its second.
pub(crate) async fn learn_intent(
    app: &App,
    stored: Stored<Payment>,
    intent: &IntentObject,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let seen_at_s = stored.value.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
    let seen = intent.snapshot(Stamp::of_retrieval(seen_at_s, now.millis())).map_err(Problem::internal)?;
    learn_ours(app, stored, now, |payment| seen.facts(payment)).await
}

/// The intents that name a payment, as search finds them. An empty answer proves nothing by itself, and search is not
/// offered everywhere; whoever closes a payment for want of an intent has waited for the sweep of its time.
pub(crate) async fn find_intent(app: &App, payment: &Payment) -> Result<Option<IntentObject>, Problem> {
    let found = app.stripe_session().await?.find_intents(payment.id()).await;
    let known: Option<&IntentId> = payment.state.intent.as_ref();
    let is_it = |intent: &IntentObject| known.is_none_or(|known| *known == intent.id);
    match found {
        Ok(found) => Ok(found.into_iter().find(is_it)),
        Err(StripeError::Refused { .. }) => Ok(None),
        Err(error) => Err(Problem::unavailable(error)),
    }
}
