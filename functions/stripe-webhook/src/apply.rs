//! From an event to facts of a payment, joined into its row.

use payments::{Fact, IntentObservation, IntentStatus, Mismatch, Payment, Stamp, StripeCall, Timestamp};
use payments_function::App;
use payments_http::{Metric, Problem, count};
use payments_store::{Learned, Stored};
use payments_stripe::{CancellationReason, EventObject, IntentView, StripeError, StripeEvent};

/// What became of an authentic event of our mode.
pub(crate) enum Outcome {
    /// Its facts are in the payment's row.
    Applied,
    /// It concerns no payment of ours.
    NotOurs,
    /// It cannot be applied, for this reason.
    Parked(String),
}

pub(crate) async fn apply(app: &App, event: &StripeEvent, now: Timestamp) -> Result<Outcome, Problem> {
    // Our charges are the platform's own; what happens on a connected account is its owner's business.
    let (EventObject::PaymentIntent(intent), None) = (&event.object, &event.account) else {
        return Ok(Outcome::NotOurs);
    };
    let Some(id) = intent.payment_id() else { return Ok(Outcome::NotOurs) };
    let seen = match intent.observed(Stamp::of_event(event.created_s, event.id.clone())) {
        Ok(seen) => seen,
        Err(error) => return Ok(Outcome::Parked(error.to_string())),
    };
    match app.store.payment(&id).await.map_err(Problem::unavailable)? {
        Some(stored) => join(app, stored, seen, now).await,
        None => Ok(Outcome::Parked("the payment is not known".to_owned())),
    }
}

async fn join(
    app: &App,
    stored: Stored<Payment>,
    seen: IntentObservation,
    now: Timestamp,
) -> Result<Outcome, Problem> {
    let mut sights = vec![seen];
    if ties(&stored.value, &sights[0]) {
        sights.extend(retrieve(app, &sights[0], now).await);
    }
    let learned = app.store.learn(stored, now, |payment| facts(payment, &sights)).await;
    let payment = match learned.map_err(Problem::unavailable)? {
        Learned::Changed { payment, contradiction } => {
            if contradiction {
                tracing::error!(payment = %payment.value.id(), "paid and closed are both known");
                count(Metric::PaymentContradiction);
            }
            payment.value
        }
        Learned::Unchanged(payment) => payment.value,
        Learned::Rejected(mismatch) => {
            count(Metric::PaymentContradiction);
            return Ok(Outcome::Parked(mismatch.to_string()));
        }
    };
    cancel_orphan(app, &payment, &sights[0]).await?;
    Ok(Outcome::Applied)
}

fn facts(payment: &Payment, sights: &[IntentObservation]) -> Result<Vec<Fact>, Mismatch> {
    sights.iter().try_fold(Vec::new(), |mut all, seen| {
        all.extend(seen.facts(payment)?);
        Ok(all)
    })
}

/// Whether the row knows another phase of the same second, so that the events' order cannot be told.
fn ties(payment: &Payment, seen: &IntentObservation) -> bool {
    seen.facts(payment).is_ok_and(|facts| facts.iter().any(|fact| payment.state.ties_with(fact)))
}

/// Sees the intent as it is now, to settle a tie. That decides what is shown and no money, so an answer that
/// fails is done without.
async fn retrieve(app: &App, seen: &IntentObservation, now: Timestamp) -> Option<IntentObservation> {
    let stripe = app.stripe_session().await.ok()?;
    match stripe.retrieve_intent(&seen.id).await {
        Ok(intent) => intent.observed(Stamp::of_retrieval(seen.stamp.at_s, now.millis())).ok(),
        Err(error) => {
            tracing::warn!(%error, "two events of one second are not told apart yet");
            None
        }
    }
}

/// Cancels the open intent of a payment that we closed before the intent was known. Until that is done, the
/// event is not.
async fn cancel_orphan(app: &App, payment: &Payment, seen: &IntentObservation) -> Result<(), Problem> {
    let open = !matches!(seen.status, IntentStatus::Succeeded | IntentStatus::Canceled);
    if payment.closure().is_none() || payment.state.canceled || !open {
        return Ok(());
    }
    let key = StripeCall::Cancel.key(payment.id());
    let stripe = app.stripe_session().await?;
    let canceled: Result<IntentView, StripeError> =
        stripe.cancel_intent(&seen.id, CancellationReason::Abandoned, &key).await;
    match canceled {
        // A refusal says that it has ended already, and another event tells how.
        Ok(_) | Err(StripeError::Refused { .. }) => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}
