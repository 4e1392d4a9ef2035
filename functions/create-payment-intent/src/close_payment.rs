//! Closes a payment that gets no intent, and cancels an intent that was left.

use crate::create_intent::give_out;
use crate::refusals::Unfinished;
use crate::replay_payment::replay;
use crate::responses::Created;
use payments::{ClosedReason, Fact, IntentId, Payment};
use payments_bookkeeping::{Bookkeeping, FoundIntent};
use payments_services::causes;
use payments_store::Stored;
use payments_stripe::IntentObject;

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
pub(crate) async fn close(
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

/// Cancels an intent that the payment does not use. A failure is only logged: no client secret was returned, and the
/// webhook about the intent's creation cancels it again.
pub(crate) async fn cancel(books: Bookkeeping<'_>, payment: &Payment, intent: &IntentId) {
    if let Err(error) = books.cancel_unused_intent(payment, intent).await {
        tracing::warn!(cause = causes(&error), "an unused intent is not canceled yet");
    }
}
