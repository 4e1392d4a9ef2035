//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.

use crate::responses::Created;
use crate::unfinished::Unfinished;
use payments::{AfterRefusal, ClosedReason, Fact, IntentId, KeyAge, Payment, RefusalCause};
use payments_bookkeeping::{Bookkeeping, FoundIntent, refresh_refused_account};
use payments_services::causes;
use payments_store::Stored;
use payments_stripe::{IntentObject, Refusal, Sent, StripeError, send_once};

/// Creates the intent under the key that the payment's row asks for, and attaches it.
pub(crate) async fn carry_on(books: Bookkeeping<'_>, stored: Stored<Payment>) -> Result<Created, Unfinished> {
    let stripe = books.services.stripe_session().await?;
    let (call, parameters) = stored.value.intent_creation();
    let key = call.key(stored.value.id());
    let age = KeyAge::of(stored.value.terms.created_at, books.now);
    match send_once(age, stripe.create_intent(&parameters, &key)).await? {
        Sent::Made(intent) => give_out(books, stored, intent).await,
        Sent::Refused(refusal) => Box::pin(refused(books, stored, &refusal)).await,
        Sent::LookUp => look_up(books, stored, age).await,
    }
}

/// Does what follows from Stripe's refusal to create the intent.
async fn refused(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    refusal: &Refusal,
) -> Result<Created, Unfinished> {
    match stored.value.after_refusal(&refusal.cause) {
        AfterRefusal::DropReceipt => without_receipt(books, stored).await,
        AfterRefusal::Close(reason) => {
            if refusal.cause == RefusalCause::Account {
                refresh_refused_account(books.services, &stored.value.terms).await;
            }
            close(books, stored, reason, None).await
        }
    }
}

/// Stores that the receipt is refused before the intent is created without it, so that no attempt uses the first key
/// again.
async fn without_receipt(books: Bookkeeping<'_>, stored: Stored<Payment>) -> Result<Created, Unfinished> {
    let stored = books.apply_facts(stored, |_| Ok(vec![Fact::ReceiptRefused])).await?.payment;
    match stored.value.closed_reason().cloned() {
        Some(reason) => Err(Unfinished::Closed(reason)),
        None if stored.value.state.intent.is_some() => replay(books, stored.value).await,
        None => Box::pin(carry_on(books, stored)).await,
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
            Box::pin(close(books, stored, ClosedReason::Abandoned, None)).await
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

/// Closes an unfinished payment whose creator may no longer receive it.
///
/// An earlier attempt may have created an intent that is not in the payment. A paid one is attached; any other is
/// canceled, because no client secret was returned for it. If the intent is not found here, or the cancellation fails,
/// the webhook about its creation handles it.
pub(crate) async fn close_unfinished(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    reason: ClosedReason,
) -> Result<Created, Unfinished> {
    match left_behind(books, &stored.value).await {
        Some(intent) if intent.is_paid() => give_out(books, stored, intent).await,
        left => close(books, stored, reason, left).await,
    }
}

/// Closes a payment that has no intent, and cancels the one that was left. If a concurrent request has attached one,
/// its client secret may have been returned, so the payment stays open and is replayed.
async fn close(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    reason: ClosedReason,
    left: Option<IntentObject>,
) -> Result<Created, Unfinished> {
    let without_intent = |payment: &Payment| {
        let closed = payment.state.intent.is_none().then(|| Fact::Closed(reason.clone()));
        Ok(closed.into_iter().collect())
    };
    let payment = books.apply_facts(stored, without_intent).await?.payment.value;
    match payment.closed_reason().cloned() {
        Some(reason) => {
            if let Some(intent) = left {
                cancel(books, &payment, &intent.id).await;
            }
            Err(Unfinished::Closed(reason))
        }
        None => replay(books, payment).await,
    }
}

async fn left_behind(books: Bookkeeping<'_>, payment: &Payment) -> Option<IntentObject> {
    match books.find_intent(payment).await.ok()? {
        FoundIntent::Found(intent) => Some(*intent),
        FoundIntent::NotFound | FoundIntent::SearchRefused(_) => None,
    }
}

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment or attached
/// another intent.
async fn give_out(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    intent: IntentObject,
) -> Result<Created, Unfinished> {
    let payment = books.attach_intent(stored, &intent).await?.value;
    if let Some(reason) = payment.closed_reason().cloned() {
        cancel(books, &payment, &intent.id).await;
        return Err(Unfinished::Closed(reason));
    }
    if payment.state.intent.as_ref() != Some(&intent.id) {
        cancel(books, &payment, &intent.id).await;
        return replay(books, payment).await;
    }
    let client_secret = intent.client_secret.filter(|_| !payment.state.is_terminal());
    Ok(Created { payment, client_secret })
}

/// Cancels an intent that the payment does not use. A failure is only logged: no client secret was returned, and the
/// webhook about the intent's creation cancels it again.
async fn cancel(books: Bookkeeping<'_>, payment: &Payment, intent: &IntentId) {
    if let Err(error) = books.cancel_unused_intent(payment, intent).await {
        tracing::warn!(cause = causes(&error), "an unused intent is not canceled yet");
    }
}
