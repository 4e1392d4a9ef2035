//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.

use crate::responses::Created;
use crate::unfinished::Unfinished;
use payments::{ClosedReason, Fact, IntentId, KeyAge, Payment, StripeCall, Timestamp};
use payments_bookkeeping::{FoundIntent, apply_facts, attach_intent, find_intent, shown};
use payments_services::Services;
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, Sent, StripeError, send_once};

/// Creates the intent under the payment's idempotency key and attaches it.
pub(crate) async fn carry_on(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let stripe = services.stripe_session().await?;
    let key = StripeCall::CreateIntent.key(stored.value.id());
    let age = KeyAge::of(stored.value.terms.created_at, now);
    let create = stripe.create_intent(&stored.value.terms.parameters, &key);
    match send_once(age, create).await? {
        Sent::Made(intent) => give_out(services, stored, intent, now).await,
        Sent::Refused(_) => Box::pin(close(services, stored, ClosedReason::RefusedByStripe, now)).await,
        Sent::LookUp => look_up(services, stored, age, now).await,
    }
}

/// Searches for the intent of a payment whose idempotency key no longer returns it. If there is none and the payment is
/// too old for search to lag behind, the payment is closed, because no client secret was ever returned for it.
async fn look_up(
    services: &Services,
    stored: Stored<Payment>,
    age: KeyAge,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    match (find_intent(services, &stored.value).await?, age) {
        (FoundIntent::Found(intent), _) => give_out(services, stored, *intent, now).await,
        (FoundIntent::SearchRefused(refusal), _) => Err(StripeError::Refused(refusal).into()),
        (FoundIntent::NotFound, KeyAge::Remembered) => Err(StripeError::KeyReused.into()),
        (FoundIntent::NotFound, KeyAge::MayBeForgotten) => {
            Box::pin(close(services, stored, ClosedReason::Abandoned, now)).await
        }
    }
}

/// Returns an existing payment, with its client secret and current status from Stripe unless it is terminal.
pub(crate) async fn replay(
    services: &Services,
    payment: Payment,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let intent = match &payment.state.intent {
        Some(id) if !payment.state.is_terminal() => {
            services.stripe_session().await?.retrieve_intent(id).await?
        }
        _ => return Ok(Created { payment, client_secret: None }),
    };
    Ok(Created { payment: shown(payment, &intent, now)?, client_secret: intent.client_secret })
}

/// Closes a payment that has no intent. If a concurrent request has attached one, its client secret may have been
/// returned, so the payment stays open and is replayed.
///
/// An earlier attempt may have created an intent that is not in the payment. A paid one is attached; any other is
/// canceled, because no client secret was returned for it. If the intent is not found here, or the cancellation fails,
/// the webhook about its creation handles it.
pub(crate) async fn close(
    services: &Services,
    stored: Stored<Payment>,
    closure: ClosedReason,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let left = match left_behind(services, &stored.value, &closure).await {
        Some(intent) if intent.is_paid() => return give_out(services, stored, intent, now).await,
        left => left,
    };
    let without_intent = |payment: &Payment| {
        let closed = payment.state.intent.is_none().then(|| Fact::Closed(closure.clone()));
        Ok(closed.into_iter().collect())
    };
    let payment = apply_facts(services, stored, now, without_intent).await?.payment.value;
    match payment.closed_reason().cloned() {
        Some(closure) => {
            if let Some(intent) = left {
                cancel(services, &payment, &intent.id).await;
            }
            Err(Unfinished::Closed(closure))
        }
        None => replay(services, payment, now).await,
    }
}

async fn left_behind(services: &Services, payment: &Payment, closure: &ClosedReason) -> Option<IntentObject> {
    if *closure == ClosedReason::RefusedByStripe {
        return None;
    }
    match find_intent(services, payment).await.ok()? {
        FoundIntent::Found(intent) => Some(*intent),
        FoundIntent::NotFound | FoundIntent::SearchRefused(_) => None,
    }
}

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment.
async fn give_out(
    services: &Services,
    stored: Stored<Payment>,
    intent: IntentObject,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let payment = attach_intent(services, stored, &intent, now).await?.value;
    if let Some(closure) = payment.closed_reason().cloned() {
        cancel(services, &payment, &intent.id).await;
        return Err(Unfinished::Closed(closure));
    }
    let client_secret = intent.client_secret.filter(|_| !payment.state.is_terminal());
    Ok(Created { payment, client_secret })
}

/// Cancels the intent of a closed payment. A failure is only logged: no client secret was returned, and the webhook
/// about the intent's creation cancels it again.
async fn cancel(services: &Services, payment: &Payment, intent: &IntentId) {
    let Ok(stripe) = services.stripe_session().await else { return };
    let key = StripeCall::CancelIntent(fastrand::u64(..)).key(payment.id());
    if let Err(error) = stripe.cancel_intent(intent, CancellationReason::Abandoned, &key).await {
        tracing::warn!(%error, "an intent of a closed payment is not canceled yet");
    }
}
