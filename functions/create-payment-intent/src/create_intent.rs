//! The steps at Stripe: creates the intent from the frozen parameters and attaches it to the payment.
//!
//! Each step returns its future on the heap, made in a frame of its own: they await each other, and by value each would have
//! room for all that follow.

use crate::close_payment::{cancel, close};
use crate::refusals::Unfinished;
use crate::replay_payment::replay;
use crate::responses::Created;
use crate::sender_customer::in_place_of;
use futures_util::future::BoxFuture;
use payments::{AfterRefusal, ClosedReason, Fact, KeyAge, Payment, RefusalCause};
use payments_bookkeeping::{Bookkeeping, FoundIntent, refresh_refused_account};
use payments_store::Stored;
use payments_stripe::{IntentObject, Refusal, Sent, StripeError, send_once};

/// Creates the intent under the key that the payment's row asks for, and attaches it.
pub(crate) fn carry_on<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
        let stripe = books.services.stripe_session().await?;
        let (call, parameters) = stored.value.intent_creation();
        let key = call.key(stored.value.id());
        let age = KeyAge::of(stored.value.terms.created_at, books.now);
        match send_once(age, stripe.create_intent(&parameters, &key)).await? {
            Sent::Made(intent) => give_out(books, stored, intent).await,
            Sent::Refused(refusal) => refused(books, stored, refusal).await,
            Sent::LookUp => look_up(books, stored, age).await,
        }
    })
}

/// Does what follows from Stripe's refusal to create the intent.
fn refused<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
    refusal: Refusal,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
        match stored.value.after_refusal(&refusal.cause) {
            AfterRefusal::DropReceipt => after(books, stored, Fact::ReceiptRefused).await,
            AfterRefusal::DropCustomer => after(books, stored, Fact::CustomerDropped).await,
            AfterRefusal::ReplaceCustomer(gone) => {
                let sender = stored.value.terms.sender.clone();
                let customer = in_place_of(books.services, &sender, &gone).await;
                let fact = customer.map_or(Fact::CustomerDropped, Fact::CustomerReplaced);
                after(books, stored, fact).await
            }
            AfterRefusal::Close(reason) => {
                if refusal.cause == RefusalCause::Account {
                    let terms = &stored.value.terms;
                    refresh_refused_account(books.services, &terms.creator, &terms.parameters.destination)
                        .await;
                }
                close(books, stored, reason, None).await
            }
        }
    })
}

/// Stores what Stripe refused before the intent is created without it, so that no attempt uses the first key again. A row that
/// asks for something else by now stays as it is: another attempt has gone on, and this one follows it.
fn after<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
    refused: Fact,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
        let (sent, _) = stored.value.intent_creation();
        let facts_of = |payment: &Payment| {
            let still_asks = payment.state.intent.is_none() && payment.intent_creation().0 == sent;
            Ok(still_asks.then(|| refused.clone()).into_iter().collect())
        };
        let stored = books.apply_facts(stored, facts_of).await?.payment;
        match stored.value.closed_reason().cloned() {
            Some(reason) => Err(Unfinished::Closed(reason)),
            None if stored.value.state.intent.is_some() => replay(books, stored.value).await,
            None => carry_on(books, stored).await,
        }
    })
}

/// Searches for the intent of a payment whose idempotency key no longer returns it. If there is none and the payment is
/// too old for search to lag behind, the payment is closed, because no client secret was ever returned for it.
fn look_up<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
    age: KeyAge,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
        match (books.find_intent(&stored.value).await?, age) {
            (FoundIntent::Found(intent), _) => give_out(books, stored, *intent).await,
            (FoundIntent::SearchRefused(refusal), _) => Err(StripeError::Refused(refusal).into()),
            (FoundIntent::NotFound, KeyAge::Remembered) => Err(StripeError::KeyReused.into()),
            (FoundIntent::NotFound, KeyAge::MayBeForgotten) => {
                Box::pin(close(books, stored, ClosedReason::Abandoned, None)).await
            }
        }
    })
}

/// Attaches an intent and returns its client secret, unless a concurrent request has closed the payment or attached
/// another intent.
pub(crate) fn give_out<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
    intent: IntentObject,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
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
    })
}
