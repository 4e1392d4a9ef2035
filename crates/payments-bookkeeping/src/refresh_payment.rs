//! A payment that something is unfinished about: what it waits for is retrieved anew.

use crate::intents::{find_intent, follow_up, learn_intent, retrieve_intent};
use crate::learn::{learn_facts, learn_ours};
use crate::refunds::{execute_refund, retrieve_refunds};
use payments::{Fact, OpenItem, Payment, RefundRequestId, Snapshot, Stamp, Timestamp, TransferFact};
use payments_function::App;
use payments_http::Problem;
use payments_store::Stored;
use std::collections::BTreeSet;

/// Retrieves whatever a payment waits for, and does what it calls for. It never creates an intent: a row without one
/// gets the intent that names it, or is closed once it is an hour old.
///
/// # Errors
/// 503, when the table or Stripe is unavailable. Whatever else it waits for was seen, and what was learned is kept.
pub async fn refresh_payment(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let needs: BTreeSet<_> = stored.value.open_items().into_iter().map(|(need, _)| need).collect();
    let mut stored = stored;
    let mut failed = None;
    for need in &needs {
        // On the heap: it is the largest of all futures here.
        match Box::pin(see_to(app, stored.clone(), *need, now)).await {
            Ok(seen) => stored = seen,
            Err(problem) => failed = failed.or(Some(problem)),
        }
    }
    let stored = follow_up(app, stored, now).await?;
    match failed {
        Some(problem) => Err(problem),
        None if needs.is_empty() => Ok(stored),
        None => learn_facts(app, stored, now, &[Fact::Refreshed(now)]).await,
    }
}

async fn see_to(
    app: &App,
    stored: Stored<Payment>,
    need: OpenItem,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    match need {
        OpenItem::NoIntent => attach_or_close(app, stored, now).await,
        OpenItem::OpenIntent => retrieve_intent(app, stored, now).await,
        OpenItem::MissingChargeDetails => retrieve_charge(app, stored, now).await,
        OpenItem::UnfinishedRefund => finish_refunds(app, stored, now).await,
        OpenItem::OpenDispute => retrieve_disputes(app, stored, now).await,
        OpenItem::UnbalancedShare => decide_again(app, stored, now).await,
    }
}

async fn attach_or_close(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    if let Some(intent) = find_intent(app, &stored.value).await? {
        return learn_intent(app, stored, &intent, now).await;
    }
    learn_ours(app, stored, now, |payment| Ok(payment.abandoned(now).map(Fact::Closed).into_iter().collect()))
        .await
}

/// The charge, with its own transfer and Stripe's fee.
async fn retrieve_charge(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let stored = if stored.value.state.paid_charges.is_empty() {
        retrieve_intent(app, stored, now).await?
    } else {
        stored
    };
    let Some(id) = stored.value.state.paid_charges.first().cloned() else { return Ok(stored) };
    let charge = app.stripe_session().await?.retrieve_charge(&id).await.map_err(Problem::unavailable)?;
    let seen = charge.snapshot().map_err(Problem::internal)?;
    learn_ours(app, stored, now, |payment| seen.facts(payment)).await
}

async fn finish_refunds(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let unanswered: Vec<RefundRequestId> =
        stored.value.state.refunds.open_requests().map(|(id, _)| id.clone()).collect();
    let mut stored = stored;
    for id in &unanswered {
        stored = execute_refund(app, stored, id, now).await?;
    }
    if stored.value.state.refunds.at_stripe.values().any(|refund| refund.status.is_unfinished()) {
        stored = retrieve_refunds(app, stored, now).await?;
    }
    Ok(stored)
}

async fn retrieve_disputes(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let open: Vec<_> = stored.value.state.disputes.open().map(|(id, _)| id.clone()).collect();
    let stripe = app.stripe_session().await?;
    let mut seen = Vec::new();
    for id in &open {
        let dispute = stripe.retrieve_dispute(id).await.map_err(Problem::unavailable)?;
        let stamp = Stamp::of_retrieval(now.seconds(), now.millis());
        seen.push(Snapshot::Dispute(dispute.snapshot(stamp).map_err(Problem::internal)?));
    }
    learn_ours(app, stored, now, |payment| Snapshot::all_facts(&seen, payment)).await
}

/// After a refusal the next movement takes the next number, decided first. It is looked at more often than that: as long
/// as it is owed, every reconciliation tells.
async fn decide_again(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let decide = |payment: &Payment| {
        let decided = payment.due_instruction(now);
        Ok(decided.map(|decided| Fact::Transfer(TransferFact::Instruction(decided))).into_iter().collect())
    };
    learn_ours(app, stored, now, decide).await
}
