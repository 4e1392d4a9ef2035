//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.

use crate::responses::Created;
use crate::unfinished::Unfinished;
use payments::{AfterRefusal, ClosedReason, Fact, IntentId, KeyAge, Payment, RefusalCause, Timestamp};
use payments_bookkeeping::{
    FoundIntent, apply_facts, attach_intent, cancel_unused_intent, find_intent, refresh_restricted_account,
    shown,
};
use payments_services::{Services, causes};
use payments_store::Stored;
use payments_stripe::{IntentObject, Refusal, Sent, StripeError, send_once};

/// Creates the intent under the key that the payment's row asks for, and attaches it.
pub(crate) async fn carry_on(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let stripe = services.stripe_session().await?;
    let (call, parameters) = stored.value.intent_creation();
    let key = call.key(stored.value.id());
    let age = KeyAge::of(stored.value.terms.created_at, now);
    match send_once(age, stripe.create_intent(&parameters, &key)).await? {
        Sent::Made(intent) => give_out(services, stored, intent, now).await,
        Sent::Refused(refusal) => Box::pin(refused(services, stored, &refusal, now)).await,
        Sent::LookUp => look_up(services, stored, age, now).await,
    }
}

/// Does what follows from Stripe's refusal to create the intent.
async fn refused(
    services: &Services,
    stored: Stored<Payment>,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    match stored.value.after_refusal(&refusal.cause) {
        AfterRefusal::DropReceipt => without_receipt(services, stored, now).await,
        AfterRefusal::Close(closure) => {
            if refusal.cause == RefusalCause::Account {
                refresh_restricted_account(services, &stored.value.terms.parameters.destination).await;
            }
            close(services, stored, closure, None, now).await
        }
    }
}

/// Stores that the receipt is refused before the intent is created without it, so that no attempt uses the first key
/// again.
async fn without_receipt(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    let refused = |_: &Payment| Ok(vec![Fact::ReceiptRefused]);
    let stored = apply_facts(services, stored, now, refused).await?.payment;
    match stored.value.closed_reason().cloned() {
        Some(closure) => Err(Unfinished::Closed(closure)),
        None if stored.value.state.intent.is_some() => replay(services, stored.value, now).await,
        None => Box::pin(carry_on(services, stored, now)).await,
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
            Box::pin(close(services, stored, ClosedReason::Abandoned, None, now)).await
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

/// Closes an unfinished payment whose creator may no longer receive it.
///
/// An earlier attempt may have created an intent that is not in the payment. A paid one is attached; any other is
/// canceled, because no client secret was returned for it. If the intent is not found here, or the cancellation fails,
/// the webhook about its creation handles it.
pub(crate) async fn close_unfinished(
    services: &Services,
    stored: Stored<Payment>,
    closure: ClosedReason,
    now: Timestamp,
) -> Result<Created, Unfinished> {
    match left_behind(services, &stored.value).await {
        Some(intent) if intent.is_paid() => give_out(services, stored, intent, now).await,
        left => close(services, stored, closure, left, now).await,
    }
}

/// Closes a payment that has no intent, and cancels the one that was left. If a concurrent request has attached one,
/// its client secret may have been returned, so the payment stays open and is replayed.
async fn close(
    services: &Services,
    stored: Stored<Payment>,
    closure: ClosedReason,
    left: Option<IntentObject>,
    now: Timestamp,
) -> Result<Created, Unfinished> {
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

async fn left_behind(services: &Services, payment: &Payment) -> Option<IntentObject> {
    match find_intent(services, payment).await.ok()? {
        FoundIntent::Found(intent) => Some(*intent),
        FoundIntent::NotFound | FoundIntent::SearchRefused(_) => None,
    }
}

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment or attached
/// another intent.
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
    if payment.state.intent.as_ref() != Some(&intent.id) {
        cancel(services, &payment, &intent.id).await;
        return replay(services, payment, now).await;
    }
    let client_secret = intent.client_secret.filter(|_| !payment.state.is_terminal());
    Ok(Created { payment, client_secret })
}

/// Cancels an intent that the payment does not use. A failure is only logged: no client secret was returned, and the
/// webhook about the intent's creation cancels it again.
async fn cancel(services: &Services, payment: &Payment, intent: &IntentId) {
    if let Err(error) = cancel_unused_intent(services, payment, intent).await {
        tracing::warn!(cause = causes(&error), "an unused intent is not canceled yet");
    }
}
