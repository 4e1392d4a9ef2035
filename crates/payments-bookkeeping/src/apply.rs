//! From a sight of one of Stripe's objects to its payment.

use crate::apply_facts::{AppliedFacts, apply_facts};
use crate::{BookkeepingError, Work};
use payments::{
    IntentId, IntentSnapshot, Payment, PaymentId, RefundSnapshot, Snapshot, Stamp, Timestamp, TransferId,
};
use payments_services::Services;
use payments_store::PaymentAndSenderHold;
use payments_stripe::{ReceivedObject, StripeError, TransferObject};

/// What became of a sight of one of Stripe's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its facts are in the payment's row.
    Applied(Box<AppliedFacts>),
    /// It concerns no payment of ours.
    NotOurs,
    /// It cannot be applied, for this reason.
    Unappliable(String),
}

/// Whose payment an object is of.
enum Located {
    Payment(Box<PaymentAndSenderHold>),
    /// It names a payment that has no row.
    Missing,
    NotOurs,
}

/// Joins a sight into its payment.
///
/// # Errors
/// [`BookkeepingError`]; doing it again is safe.
pub fn apply<'a>(services: &'a Services, received: &'a ReceivedObject, now: Timestamp) -> Work<'a, Outcome> {
    Box::pin(async move {
        let seen = match &received.snapshot {
            Ok(seen) => seen.clone(),
            Err(error) => return Ok(Outcome::Unappliable(error.to_string())),
        };
        let known = match locate(services, received, &seen).await? {
            Located::Payment(known) => known,
            Located::Missing => return Ok(Outcome::Unappliable("the payment is not known".to_owned())),
            Located::NotOurs => return Ok(Outcome::NotOurs),
        };
        let further = further_sight(services, &known.payment.value, &seen).await?;
        let was_seen_further = further.is_some();
        let sights: Vec<_> = std::iter::once(seen).chain(further).collect();
        let observe = |payment: &Payment| Snapshot::all_facts(&sights, payment);
        let known = match apply_facts(services, *known, now, observe).await {
            Ok(known) => known,
            Err(BookkeepingError::Mismatch { mismatch, .. }) => {
                return Ok(Outcome::Unappliable(mismatch.to_string()));
            }
            Err(error) => return Err(error),
        };
        let raced = if was_seen_further { None } else { sights.first() };
        let known = resolve_phase_tie(services, known, raced, now).await?;
        Ok(Outcome::Applied(Box::new(known)))
    })
}

/// Another phase of the same second can have come in between the row's reading and its writing: then the tie is there
/// only now.
async fn resolve_phase_tie(
    services: &Services,
    known: AppliedFacts,
    seen: Option<&Snapshot>,
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    let Some(Snapshot::Intent(intent)) = seen else { return Ok(known) };
    if !ties(&known.payment.value, intent) {
        return Ok(known);
    }
    let Some(retrieved) = retrieve_tied(services, intent).await else { return Ok(known) };
    let changed = known.changed;
    let settled = apply_facts(services, known.payment, now, |payment| retrieved.facts(payment)).await?;
    Ok(AppliedFacts { changed: changed || settled.changed, ..settled })
}

/// By the payment that the object names; else by its intent, and at last by what Stripe says of that.
async fn locate(
    services: &Services,
    received: &ReceivedObject,
    seen: &Snapshot,
) -> Result<Located, BookkeepingError> {
    if let Some(id) = &received.payment {
        return read(services, id).await;
    }
    // An intent that names no payment is not ours, nor is a charge, which has a copy of its intent's metadata.
    let names_its_payment = matches!(seen, Snapshot::Intent(_) | Snapshot::Charge(_));
    let (Some(intent), false) = (&received.intent, names_its_payment) else {
        return Ok(Located::NotOurs);
    };
    match services.store.carried_by(intent).await? {
        Some(carried) => {
            // Of all objects a dispute alone changes the sender's hold.
            let is_dispute = matches!(seen, Snapshot::Dispute(_));
            let sender = carried.sender_id.as_ref().filter(|_| is_dispute);
            Ok(located(services.store.payment_and_sender_hold(&carried.payment_id, sender).await?))
        }
        None => by_stripe(services, intent).await,
    }
}

/// The row may not know its intent yet; the intent names its payment.
async fn by_stripe(services: &Services, intent: &IntentId) -> Result<Located, BookkeepingError> {
    let named = match services.stripe_session().await?.retrieve_intent(intent).await {
        Ok(intent) => intent.payment_id(),
        Err(StripeError::Refused { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    match named {
        Some(id) => read(services, &id).await,
        None => Ok(Located::NotOurs),
    }
}

async fn read(services: &Services, id: &PaymentId) -> Result<Located, BookkeepingError> {
    let stored = services.store.payment(id).await?;
    Ok(located(stored.map(PaymentAndSenderHold::from)))
}

fn located(found: Option<PaymentAndSenderHold>) -> Located {
    found.map_or(Located::Missing, |found| Located::Payment(Box::new(found)))
}

/// What must be seen beside an object to read it rightly. Which of two phases is shown can wait for reconciliation; a
/// refund that Stripe reversed the transfer for cannot be learned without the reversal, or the share is taken back twice.
async fn further_sight(
    services: &Services,
    payment: &Payment,
    seen: &Snapshot,
) -> Result<Option<Snapshot>, BookkeepingError> {
    match seen {
        Snapshot::Intent(intent) if ties(payment, intent) => Ok(retrieve_tied(services, intent).await),
        Snapshot::Refund(refund) if reverses(payment, refund) => match &payment.state.transfers.original {
            Some(own) => {
                let transfer = retrieve_transfer(services, own).await?;
                Ok(Some(Snapshot::Transfer(transfer.snapshot())))
            }
            // Nothing is taken back before the transfer is known.
            None => Ok(None),
        },
        Snapshot::Intent(_)
        | Snapshot::Charge(_)
        | Snapshot::Refund(_)
        | Snapshot::Dispute(_)
        | Snapshot::Transfer(_) => Ok(None),
    }
}

/// Whether the row knows another phase of the same second, so that the events' order cannot be told.
fn ties(payment: &Payment, seen: &IntentSnapshot) -> bool {
    seen.facts(payment).is_ok_and(|facts| facts.iter().any(|fact| payment.state.ties_with(fact)))
}

/// Sees the intent as it is now, to settle a tie. That decides what is shown, and no money.
async fn retrieve_tied(services: &Services, seen: &IntentSnapshot) -> Option<Snapshot> {
    let stripe = services.stripe_session().await.ok()?;
    // Before it is asked for: what happens meanwhile is told by a later event.
    let now = services.clock.now();
    match stripe.retrieve_intent(&seen.id).await {
        Ok(intent) => {
            let stamp = Stamp::of_retrieval(seen.stamp.at_s, now.millis());
            intent.snapshot(stamp).ok().map(Snapshot::Intent)
        }
        Err(error) => {
            tracing::warn!(%error, "two events of one second are not told apart yet");
            None
        }
    }
}

/// Whether Stripe made a reversal with the refund that we do not know: without it, the share would be taken back twice.
fn reverses(payment: &Payment, refund: &RefundSnapshot) -> bool {
    let known = &payment.state.transfers.reversals;
    refund.transfer_reversal.as_ref().is_some_and(|reversal| !known.contains_key(reversal))
}

async fn retrieve_transfer(services: &Services, id: &TransferId) -> Result<TransferObject, BookkeepingError> {
    Ok(services.stripe_session().await?.retrieve_transfer(id).await?)
}
