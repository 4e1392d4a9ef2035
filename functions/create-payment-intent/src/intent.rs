//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.

use crate::responses::Created;
use crate::unfinished::Unfinished;
use payments::{ClosedReason, Fact, IntentId, KeyAge, Payment, StripeCall};
use payments_bookkeeping::{Bookkeeping, FoundIntent};
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, Sent, StripeError, send_once};

/// Creates the intent under the payment's idempotency key and attaches it.
pub(crate) async fn carry_on(books: Bookkeeping<'_>, stored: Stored<Payment>) -> Result<Created, Unfinished> {
    let stripe = books.services.stripe_session().await?;
    let key = StripeCall::CreateIntent.key(stored.value.id());
    let age = KeyAge::of(stored.value.terms.created_at, books.now);
    let create = stripe.create_intent(&stored.value.terms.parameters, &key);
    match send_once(age, create).await? {
        Sent::Made(intent) => give_out(books, stored, intent).await,
        Sent::Refused(_) => Box::pin(close(books, stored, ClosedReason::RefusedByStripe)).await,
        Sent::LookUp => look_up(books, stored, age).await,
    }
}

/// Searches for the intent of a payment whose idempotency key no longer returns it. If there is none and the payment is
/// too old for search to lag behind, the payment is closed, because no client secret was ever returned for it.
async fn look_up(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    age: KeyAge,
) -> Result<Created, Unfinished> {
    match (books.find_intent(&stored.value).await?, age) {
        (FoundIntent::Found(intent), _) => give_out(books, stored, *intent).await,
        (FoundIntent::SearchRefused(refusal), _) => Err(StripeError::Refused(refusal).into()),
        (FoundIntent::NotFound, KeyAge::Remembered) => Err(StripeError::KeyReused.into()),
        (FoundIntent::NotFound, KeyAge::MayBeForgotten) => {
            Box::pin(close(books, stored, ClosedReason::Abandoned)).await
        }
    }
}

/// Returns an existing payment, with its client secret and current status from Stripe unless it is terminal.
pub(crate) async fn replay(books: Bookkeeping<'_>, payment: Payment) -> Result<Created, Unfinished> {
    let intent = match &payment.state.intent {
        Some(id) if !payment.state.is_terminal() => {
            books.services.stripe_session().await?.retrieve_intent(id).await?
        }
        _ => return Ok(Created { payment, client_secret: None }),
    };
    Ok(Created { payment: books.shown(payment, &intent)?, client_secret: intent.client_secret })
}

/// Closes a payment that has no intent. If a concurrent request has attached one, its client secret may have been
/// returned, so the payment stays open and is replayed.
///
/// An earlier attempt may have created an intent that is not in the payment. A paid one is attached; any other is
/// canceled, because no client secret was returned for it. If the intent is not found here, or the cancellation fails,
/// the webhook about its creation handles it.
pub(crate) async fn close(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    closure: ClosedReason,
) -> Result<Created, Unfinished> {
    let left = match left_behind(books, &stored.value, &closure).await {
        Some(intent) if intent.is_paid() => return give_out(books, stored, intent).await,
        left => left,
    };
    let without_intent = |payment: &Payment| {
        let closed = payment.state.intent.is_none().then(|| Fact::Closed(closure.clone()));
        Ok(closed.into_iter().collect())
    };
    let payment = books.apply_facts(stored, without_intent).await?.payment.value;
    match payment.closed_reason().cloned() {
        Some(closure) => {
            if let Some(intent) = left {
                cancel(books, &payment, &intent.id).await;
            }
            Err(Unfinished::Closed(closure))
        }
        None => replay(books, payment).await,
    }
}

async fn left_behind(
    books: Bookkeeping<'_>,
    payment: &Payment,
    closure: &ClosedReason,
) -> Option<IntentObject> {
    if *closure == ClosedReason::RefusedByStripe {
        return None;
    }
    match books.find_intent(payment).await.ok()? {
        FoundIntent::Found(intent) => Some(*intent),
        FoundIntent::NotFound | FoundIntent::SearchRefused(_) => None,
    }
}

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment.
async fn give_out(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    intent: IntentObject,
) -> Result<Created, Unfinished> {
    let payment = books.attach_intent(stored, &intent).await?.value;
    if let Some(closure) = payment.closed_reason().cloned() {
        cancel(books, &payment, &intent.id).await;
        return Err(Unfinished::Closed(closure));
    }
    let client_secret = intent.client_secret.filter(|_| !payment.state.is_terminal());
    Ok(Created { payment, client_secret })
}

/// Cancels the intent of a closed payment. A failure is only logged: no client secret was returned, and the webhook
/// about the intent's creation cancels it again.
async fn cancel(books: Bookkeeping<'_>, payment: &Payment, intent: &IntentId) {
    let Ok(stripe) = books.services.stripe_session().await else { return };
    let key = StripeCall::CancelIntent(fastrand::u64(..)).key(payment.id());
    if let Err(error) = stripe.cancel_intent(intent, CancellationReason::Abandoned, &key).await {
        tracing::warn!(%error, "an intent of a closed payment is not canceled yet");
    }
}
