//! Refreshes a payment that has open items.

use crate::apply_facts::{apply_our_facts, apply_retrieved};
use crate::intents::{FoundIntent, apply_intent, find_intent, follow_up, retrieve_intent};
use crate::refunds::{execute_refund, retrieve_refunds};
use crate::{BookkeepingError, Work};
use payments::{Fact, OpenItem, Payment, RefundRequestId, Snapshot, Stamp, Timestamp, TransferFact};
use payments_services::Services;
use payments_store::Stored;
use std::collections::BTreeSet;
use std::future::ready;

/// Retrieves everything a payment waits for, and follows up. It never creates an intent: a row without one
/// gets the intent that names it, or is closed once it is an hour old.
///
/// # Errors
/// [`BookkeepingError`]. Everything else was still retrieved, and the facts are kept.
pub fn refresh_payment<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let needs: BTreeSet<_> = stored.value.open_items().into_iter().map(|(need, _)| need).collect();
        let mut stored = stored;
        let mut failed = None;
        for need in &needs {
            match see_to(services, stored.clone(), *need, now).await {
                Ok(seen) => stored = seen,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let stored = follow_up(services, stored, now).await?;
        match failed {
            Some(error) => Err(error),
            None if needs.is_empty() => Ok(stored),
            None => apply_our_facts(services, stored, now, vec![Fact::Refreshed(now)]).await,
        }
    })
}

fn see_to<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    need: OpenItem,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    match need {
        OpenItem::NoIntent => Box::pin(attach_or_close(services, stored, now)),
        OpenItem::OpenIntent => retrieve_intent(services, stored, now),
        OpenItem::MissingChargeDetails => Box::pin(retrieve_charge(services, stored, now)),
        OpenItem::UnfinishedRefund => Box::pin(finish_refunds(services, stored, now)),
        OpenItem::OpenDispute => Box::pin(retrieve_disputes(services, stored, now)),
        OpenItem::UnbalancedShare => decide_again(services, stored, now),
        OpenItem::Difference => Box::pin(ready(Ok(stored))),
    }
}

async fn attach_or_close(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    match find_intent(services, &stored.value).await? {
        FoundIntent::Found(intent) => apply_intent(services, stored, &intent, now).await,
        FoundIntent::SearchRefused(_) => Ok(stored),
        FoundIntent::NotFound => {
            let close =
                move |payment: &Payment| Ok(payment.abandoned(now).map(Fact::Closed).into_iter().collect());
            apply_retrieved(services, stored, now, close).await
        }
    }
}

/// Retrieves the charge, which contains the transfer's id and Stripe's fee.
async fn retrieve_charge(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    let stored = if stored.value.state.paid_charges.is_empty() {
        retrieve_intent(services, stored, now).await?
    } else {
        stored
    };
    let Some(id) = stored.value.state.paid_charges.first().cloned() else { return Ok(stored) };
    let charge = services.stripe_session().await?.retrieve_charge(&id).await?;
    let seen = charge.snapshot()?;
    apply_retrieved(services, stored, now, |payment| seen.facts(payment)).await
}

async fn finish_refunds(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    let unanswered: Vec<RefundRequestId> =
        stored.value.state.refunds.open_requests().map(|(id, _)| id.clone()).collect();
    let mut stored = stored;
    for id in &unanswered {
        stored = execute_refund(services, stored, id, now).await?;
    }
    if stored.value.state.refunds.at_stripe.values().any(|refund| refund.status.is_unfinished()) {
        stored = retrieve_refunds(services, stored, now).await?;
    }
    Ok(stored)
}

async fn retrieve_disputes(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, BookkeepingError> {
    let open: Vec<_> = stored.value.state.disputes.open().map(|(id, _)| id.clone()).collect();
    let stripe = services.stripe_session().await?;
    let mut seen = Vec::new();
    for id in &open {
        let dispute = stripe.retrieve_dispute(id).await?;
        let stamp = Stamp::of_retrieval(now.seconds(), now.millis());
        seen.push(Snapshot::Dispute(dispute.snapshot(stamp)?));
    }
    apply_retrieved(services, stored, now, |payment| Snapshot::all_facts(&seen, payment)).await
}

/// After a refusal the next transfer instruction takes the next number and is decided before it is executed.
/// The pause after a refusal is longer than the time between refreshes, so most refreshes decide nothing.
fn decide_again(services: &Services, stored: Stored<Payment>, now: Timestamp) -> Work<'_, Stored<Payment>> {
    let decide = move |payment: &Payment| {
        let decided = payment.due_instruction(now);
        Ok(decided.map(|decided| Fact::Transfer(TransferFact::Instruction(decided))).into_iter().collect())
    };
    apply_retrieved(services, stored, now, decide)
}
