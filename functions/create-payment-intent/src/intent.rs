//! The steps with Stripe: create the intent from the frozen parameters and attach it to the payment.

use crate::answer::{Created, closed, refused_by_stripe};
use payments::{ClosedReason, Fact, IntentId, Payment, Stamp, StripeCall, Timestamp};
use payments_function::App;
use payments_http::{Metric, Problem, StatusCode, count};
use payments_store::{Learned, Stored};
use payments_stripe::{CancellationReason, IntentObject, Session, StripeError};
use std::convert::Infallible;

/// Creates the intent under the payment's own key, and attaches it.
pub(crate) async fn carry_on(app: &App, stored: Stored<Payment>, now: Timestamp) -> Result<Created, Problem> {
    let stripe = app.stripe_session().await?;
    let key = StripeCall::CreateIntent.key(stored.value.id());
    match stripe.create_intent(&stored.value.terms.parameters, &key).await {
        Ok(intent) => attach(app, &stripe, stored, intent, now).await,
        Err(StripeError::Refused { .. }) => close(app, stored, ClosedReason::RefusedByStripe, now).await,
        // The parameters are frozen, but a new release may write them otherwise: what the earlier one did
        // is looked up.
        Err(StripeError::KeyReused) => match find(&stripe, &stored.value).await? {
            Some(intent) => attach(app, &stripe, stored, intent, now).await,
            None => Err(Problem::unavailable(StripeError::KeyReused)),
        },
        Err(error) => Err(unfinished(error)),
    }
}

/// Looks for the intent of a payment whose key Stripe may have forgotten. Without one the payment is closed:
/// nobody was ever given a client secret for it.
pub(crate) async fn look_up(app: &App, stored: Stored<Payment>, now: Timestamp) -> Result<Created, Problem> {
    let stripe = app.stripe_session().await?;
    match find(&stripe, &stored.value).await? {
        Some(intent) => attach(app, &stripe, stored, intent, now).await,
        None => close(app, stored, ClosedReason::Abandoned, now).await,
    }
}

/// Retrieves the intent of a payment that has one, for its client secret and its current status.
pub(crate) async fn replay(app: &App, payment: Payment, now: Timestamp) -> Result<Created, Problem> {
    let intent = match &payment.state.intent {
        Some(id) if !payment.state.is_terminal() => {
            app.stripe_session().await?.retrieve_intent(id).await.map_err(unfinished)?
        }
        _ => return Ok(Created { payment, client_secret: None }),
    };
    let seen_at_s = payment.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
    let facts = intent
        .snapshot(Stamp::of_retrieval(seen_at_s, now.millis()))
        .map_err(Problem::internal)?
        .facts(&payment)
        .map_err(Problem::internal)?;
    // Shown, not written: the webhook and the sweep bring the row up to date.
    let payment = payment.join(&facts).map_or(payment, |change| change.after);
    Ok(Created { client_secret: intent.client_secret, payment })
}

/// Closes a payment that has no intent, and tells why. If a twin has attached one meanwhile, it may have been
/// given out: then the payment stays open, and this is a replay of it.
///
/// An earlier attempt may have left an intent at Stripe without our knowing it. One that is paid is the payment's; of
/// any other nobody has the client secret, and it is canceled. What is not found or not done here is done by the
/// webhook of its creation.
pub(crate) async fn close(
    app: &App,
    stored: Stored<Payment>,
    closure: ClosedReason,
    now: Timestamp,
) -> Result<Created, Problem> {
    let left = left_behind(app, &stored.value, &closure).await;
    let left = match left {
        Some((stripe, intent)) if intent.is_paid() => return attach(app, &stripe, stored, intent, now).await,
        left => left,
    };
    let without_intent = |payment: &Payment| match payment.state.intent {
        Some(_) => Ok::<_, Infallible>(vec![]),
        None => Ok(vec![Fact::Closed(closure.clone())]),
    };
    let learned = app.store.learn(stored, now, without_intent).await;
    let payment = match learned.map_err(Problem::unavailable)? {
        Learned::Changed { payment, .. } | Learned::Unchanged(payment) => payment.value,
        Learned::Rejected(never) => match never {},
    };
    match payment.closed_reason() {
        Some(closure) => {
            if let Some((stripe, intent)) = left {
                cancel(&stripe, &payment, &intent.id).await;
            }
            Err(closed(closure))
        }
        None => replay(app, payment, now).await,
    }
}

async fn left_behind(
    app: &App,
    payment: &Payment,
    closure: &ClosedReason,
) -> Option<(Session, IntentObject)> {
    if *closure == ClosedReason::RefusedByStripe {
        return None;
    }
    let stripe = app.stripe_session().await.ok()?;
    let intent = find(&stripe, payment).await.ok()??;
    Some((stripe, intent))
}

/// Writes the intent to the payment. The webhook writes the same; whoever is first wins.
async fn attach(
    app: &App,
    stripe: &Session,
    stored: Stored<Payment>,
    intent: IntentObject,
    now: Timestamp,
) -> Result<Created, Problem> {
    let seen = intent.snapshot_at_creation().map_err(Problem::internal)?;
    let learned = app.store.learn(stored, now, |payment| seen.facts(payment)).await;
    let payment = match learned.map_err(Problem::unavailable)? {
        Learned::Changed { payment, contradiction } => {
            if contradiction {
                count(Metric::PaymentContradiction);
            }
            payment.value
        }
        Learned::Unchanged(payment) => payment.value,
        Learned::Rejected(mismatch) => {
            count(Metric::PaymentContradiction);
            return Err(Problem::internal(mismatch));
        }
    };
    if let Some(closure) = payment.closed_reason() {
        cancel(stripe, &payment, &intent.id).await;
        return Err(closed(closure));
    }
    let client_secret = intent.client_secret.filter(|_| !payment.state.is_terminal());
    Ok(Created { payment, client_secret })
}

/// Cancels an intent that nobody shall pay. Nobody has its client secret; if this fails, the webhook of its
/// creation does it again.
async fn cancel(stripe: &Session, payment: &Payment, intent: &IntentId) {
    let key = StripeCall::CancelIntent(fastrand::u64(..)).key(payment.id());
    if let Err(error) = stripe.cancel_intent(intent, CancellationReason::Abandoned, &key).await {
        tracing::warn!(%error, "an intent of a closed payment is not canceled yet");
    }
}

async fn find(stripe: &Session, payment: &Payment) -> Result<Option<IntentObject>, Problem> {
    Ok(stripe.find_intents(payment.id()).await.map_err(unfinished)?.into_iter().next())
}

/// Stripe has not finished: the row is kept, and the same request carries on.
fn unfinished(error: StripeError) -> Problem {
    match error {
        StripeError::InProgress => Problem::new(
            StatusCode::CONFLICT,
            "request_in_progress",
            "Still in progress",
            "The same request is still being worked on. Repeat it.",
        )
        .retry_after_s(1),
        StripeError::Refused { .. } => refused_by_stripe().because(error),
        StripeError::Unauthorized { .. }
        | StripeError::UnusableKey(_)
        | StripeError::KeyReused
        | StripeError::Unavailable { .. }
        | StripeError::Unreadable { .. } => Problem::unavailable(error),
    }
}
