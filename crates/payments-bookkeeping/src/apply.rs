//! From a sight of one of Stripe's objects to its payment.

use crate::learn::{Known, learn};
use payments::{
    IntentId, IntentSnapshot, Payment, PaymentId, RefundSnapshot, Snapshot, Stamp, Timestamp, TransferId,
};
use payments_function::App;
use payments_http::Problem;
use payments_store::PaymentAndSenderHold;
use payments_stripe::{ReceivedObject, SnapshotError, StripeError, TransferObject};

/// What became of a sight of one of Stripe's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its facts are in the payment's row.
    Applied(Box<Known>),
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
/// 503, when the table or Stripe is unavailable; doing it again is safe.
pub async fn apply(app: &App, received: &ReceivedObject, now: Timestamp) -> Result<Outcome, Problem> {
    // A reversal that we did not make names no payment: its transfer does.
    let told = match &received.snapshot {
        Err(SnapshotError::ToldByTransfer(transfer)) => {
            Some(retrieve_transfer(app, transfer).await?.received_object())
        }
        Ok(_) | Err(_) => None,
    };
    let received = told.as_ref().unwrap_or(received);
    let seen = match &received.snapshot {
        Ok(seen) => seen.clone(),
        Err(error) => return Ok(Outcome::Unappliable(error.to_string())),
    };
    let known = match locate(app, received, &seen).await? {
        Located::Payment(known) => known,
        Located::Missing => return Ok(Outcome::Unappliable("the payment is not known".to_owned())),
        Located::NotOurs => return Ok(Outcome::NotOurs),
    };
    let further = further_sight(app, &known.payment.value, &seen).await?;
    let was_seen_further = further.is_some();
    let sights: Vec<_> = std::iter::once(seen).chain(further).collect();
    let observe = |payment: &Payment| Snapshot::all_facts(&sights, payment);
    let known = match learn(app, *known, now, observe).await? {
        Ok(known) => known,
        Err(mismatch) => return Ok(Outcome::Unappliable(mismatch.to_string())),
    };
    let raced = if was_seen_further { None } else { sights.first() };
    let known = resolve_phase_tie(app, known, raced, now).await?;
    Ok(Outcome::Applied(Box::new(known)))
}

/// Another phase of the same second can have come in between the row's reading and its writing: then the tie is there
/// only now.
async fn resolve_phase_tie(
    app: &App,
    known: Known,
    seen: Option<&Snapshot>,
    now: Timestamp,
) -> Result<Known, Problem> {
    let Some(Snapshot::Intent(intent)) = seen else { return Ok(known) };
    if !ties(&known.payment.value, intent) {
        return Ok(known);
    }
    let Some(retrieved) = retrieve_tied(app, intent).await else { return Ok(known) };
    let news = known.news;
    let settled = learn(app, known.payment, now, |payment| retrieved.facts(payment)).await?;
    settled.map(|settled| Known { news: news || settled.news, ..settled }).map_err(Problem::internal)
}

/// By the payment that the object names; else by its intent, and at last by what Stripe says of that.
async fn locate(app: &App, received: &ReceivedObject, seen: &Snapshot) -> Result<Located, Problem> {
    if let Some(id) = &received.payment {
        return read(app, id).await;
    }
    // An intent that names no payment is not ours, nor is a charge, which has a copy of its intent's metadata.
    let names_its_payment = matches!(seen, Snapshot::Intent(_) | Snapshot::Charge(_));
    let (Some(intent), false) = (&received.intent, names_its_payment) else {
        return Ok(Located::NotOurs);
    };
    match app.store.carried_by(intent).await.map_err(Problem::unavailable)? {
        Some(carried) => {
            // Of all objects a dispute alone changes the sender's hold.
            let is_dispute = matches!(seen, Snapshot::Dispute(_));
            let sender = carried.sender_id.as_ref().filter(|_| is_dispute);
            let read = app.store.payment_and_sender_hold(&carried.payment_id, sender).await;
            Ok(located(read.map_err(Problem::unavailable)?))
        }
        None => by_stripe(app, intent).await,
    }
}

/// The row may not know its intent yet; the intent names its payment.
async fn by_stripe(app: &App, intent: &IntentId) -> Result<Located, Problem> {
    let named = match app.stripe_session().await?.retrieve_intent(intent).await {
        Ok(intent) => intent.payment_id(),
        Err(StripeError::Refused { .. }) => None,
        Err(error) => return Err(Problem::unavailable(error)),
    };
    match named {
        Some(id) => read(app, &id).await,
        None => Ok(Located::NotOurs),
    }
}

async fn read(app: &App, id: &PaymentId) -> Result<Located, Problem> {
    let stored = app.store.payment(id).await.map_err(Problem::unavailable)?;
    Ok(located(stored.map(PaymentAndSenderHold::from)))
}

fn located(found: Option<PaymentAndSenderHold>) -> Located {
    found.map_or(Located::Missing, |found| Located::Payment(Box::new(found)))
}

/// What must be seen beside an object to read it rightly. Which of two phases is shown can wait for reconciliation; a
/// refund that Stripe reversed the transfer for cannot be learned without the reversal, or the share is taken back twice.
async fn further_sight(app: &App, payment: &Payment, seen: &Snapshot) -> Result<Option<Snapshot>, Problem> {
    match seen {
        Snapshot::Intent(intent) if ties(payment, intent) => Ok(retrieve_tied(app, intent).await),
        Snapshot::Refund(refund) if reverses(payment, refund) => match &payment.state.transfers.original {
            Some(own) => {
                let transfer = retrieve_transfer(app, own).await?;
                Ok(Some(Snapshot::Transfer(transfer.snapshot())))
            }
            // Nothing is taken back before the transfer is known.
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Whether the row knows another phase of the same second, so that the events' order cannot be told.
fn ties(payment: &Payment, seen: &IntentSnapshot) -> bool {
    seen.facts(payment).is_ok_and(|facts| facts.iter().any(|fact| payment.state.ties_with(fact)))
}

/// Sees the intent as it is now, to settle a tie. That decides what is shown, and no money.
async fn retrieve_tied(app: &App, seen: &IntentSnapshot) -> Option<Snapshot> {
    let stripe = app.stripe_session().await.ok()?;
    // Before it is asked for: what happens meanwhile is told by a later event.
    let now = app.clock.now();
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

async fn retrieve_transfer(app: &App, id: &TransferId) -> Result<TransferObject, Problem> {
    app.stripe_session().await?.retrieve_transfer(id).await.map_err(Problem::unavailable)
}
