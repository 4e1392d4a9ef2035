//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.

use crate::close_payment::{cancel, close};
use crate::refusals::Unfinished;
use crate::replay_payment::replay;
use crate::responses::Created;
use crate::sender_customer::in_place_of;
use payments::{AfterRefusal, ClosedReason, Fact, KeyAge, Payment, RefusalCause};
use payments_bookkeeping::{Bookkeeping, FoundIntent, refresh_refused_account};
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
        AfterRefusal::DropReceipt => after(books, stored, Fact::ReceiptRefused).await,
        AfterRefusal::ReplaceCustomer(gone) => {
            let sender = stored.value.terms.sender.clone();
            let customer = in_place_of(books.services, &sender, &gone).await?;
            after(books, stored, Fact::CustomerReplaced(customer)).await
        }
        AfterRefusal::Close(reason) => {
            if refusal.cause == RefusalCause::Account {
                refresh_refused_account(books.services, &stored.value.terms).await;
            }
            close(books, stored, reason, None).await
        }
    }
}

/// Stores what Stripe refused before the intent is created without it, so that no attempt uses the first key again.
async fn after(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    refused: Fact,
) -> Result<Created, Unfinished> {
    let stored = books.apply_facts(stored, |_| Ok(vec![refused.clone()])).await?.payment;
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

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment or attached
/// another intent.
pub(crate) async fn give_out(
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
    Ok(Created::new(payment, client_secret))
}
