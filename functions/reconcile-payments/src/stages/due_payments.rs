//! The `due` stage: refreshes payments with open items, from the due index.

use crate::ReconciliationError;
use crate::differences::unreachable;
use crate::due_cursor::{behind, position};
use crate::note_unreadable::note_unreadable;
use crate::run_progress::RunProgress;
use futures_util::future::try_join_all;
use payments::{Currency, Findings, NextPage, Payment, PaymentId, Reconciliation, Stage, Timestamp};
use payments_bookkeeping::Bookkeeping;
use payments_services::{Metric, Services, causes, count};
use payments_store::{DueCursor, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::sleep;

/// How many payments are read at once.
const BATCH: u16 = 100;
/// How many payments are refreshed at once. The rate of requests to Stripe is bounded elsewhere.
const AT_ONCE: usize = 10;
/// How much earlier than due a payment is refreshed when money is still to be moved. Normally the request that caused
/// the transfer instruction executes it; here every balance transaction has just been read, and what remains is
/// reported.
const AHEAD_S: i64 = 5 * 60;

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    while progress.run.open_stages().contains(&Stage::Due) && progress.now() < until {
        let next = page(progress, until).await?;
        if next == NextPage::None {
            add_up_awaited(progress).await?;
        }
        progress.advance(Stage::Due, next).await?;
    }
    Ok(())
}

async fn page(progress: &mut RunProgress<'_>, until: Timestamp) -> Result<NextPage, ReconciliationError> {
    let (services, now) = (progress.services, progress.run.started_at);
    let cursor = progress.run.cursor(Stage::Due).map(str::to_owned);
    let (shard, after) = position(cursor.as_deref());
    let (due, next) = services.store.due(shard, now.plus_seconds(AHEAD_S), BATCH, after.as_ref()).await?;
    let ids: BTreeSet<PaymentId> = due.iter().map(|place| place.payment_id.clone()).collect();
    let mut read = services.store.payments(&ids).await?;
    let mut last: Option<DueCursor> = None;
    for some in due.chunks(AT_ONCE) {
        // The next slice continues behind the last payment that was refreshed.
        if progress.now() >= until {
            let here = last.and_then(|last| behind(shard, Some(last)));
            let here = here.or(cursor).unwrap_or_else(|| format!("{shard}:"));
            return Ok(NextPage::After(here));
        }
        let known = some.iter().map(|place| (&place.payment_id, read.remove(&place.payment_id)));
        // What takes of the platform's balance is refreshed by itself, because it leaves less to the next.
        let sends = |read: &Option<Option<Stored<Payment>>>| {
            read.as_ref().and_then(Option::as_ref).is_none_or(|it| it.value.state.to_recover() < 0)
        };
        let (alone, together): (Vec<_>, Vec<_>) = known.partition(|(_, read)| sends(read));
        let available = progress.run.available.clone();
        let refreshing = together.into_iter().map(|(id, read)| refresh(services, now, id, read, &available));
        for refreshed in try_join_all(refreshing).await? {
            refreshed.add_to(&mut progress.run);
        }
        for (id, read) in alone {
            let available = progress.run.available.clone();
            refresh(services, now, id, read, &available).await?.add_to(&mut progress.run);
        }
        last = some.last().cloned();
    }
    Ok(behind(shard, next).into())
}

/// Reads the payments that wait for the platform's balance: most of them were not due.
async fn add_up_awaited(progress: &mut RunProgress<'_>) -> Result<(), ReconciliationError> {
    if progress.run.awaiting.is_empty() {
        return Ok(());
    }
    let read = progress.services.store.payments(&progress.run.awaiting).await?;
    progress.run.add_up_awaited(read.values().flatten().map(|stored| &stored.value));
    Ok(())
}

/// Whether a payment is due, or still has money to move.
fn is_up(payment: &Payment, now: Timestamp) -> bool {
    let state = &payment.state;
    let unsettled = state.to_recover() != 0
        || state.transfers.outstanding().is_some()
        || state.refunds.open_requests().next().is_some();
    unsettled || payment.due_at().is_some_and(|due| due <= now)
}

/// What a refresh found, with the payment before and after it.
#[derive(Default)]
struct Refreshed {
    findings: Findings,
    payment: Option<(Payment, Payment)>,
}

impl Refreshed {
    fn add_to(self, run: &mut Reconciliation) {
        run.findings.add(self.findings);
        if let Some((before, after)) = self.payment {
            run.add_refreshed(&before, &after);
        }
    }
}

/// Refreshes a payment as of the batch that was `read`, or reads it where that could not.
async fn refresh(
    services: &Services,
    now: Timestamp,
    id: &PaymentId,
    read: Option<Option<Stored<Payment>>>,
    available: &BTreeMap<Currency, i64>,
) -> Result<Refreshed, ReconciliationError> {
    let mut refreshed = Refreshed::default();
    let findings = &mut refreshed.findings;
    let read = match read {
        Some(read) => Ok(read),
        None => services.store.payment(id).await,
    };
    let read = match read {
        Ok(read) => read,
        Err(error) => return note_unreadable(findings, error).map(|()| refreshed),
    };
    let Some(stored) = read.filter(|stored| is_up(&stored.value, now)) else { return Ok(refreshed) };
    let stored = match after_its_decider(services, stored).await {
        Ok(Some(stored)) => stored,
        Ok(None) => return Ok(refreshed),
        Err(error) => return note_unreadable(findings, error).map(|()| refreshed),
    };
    findings.counts.due += 1;
    let before = stored.clone();
    match Bookkeeping::now(services).refresh_payment(stored, available).await {
        Ok(after) => {
            // One write only records the refresh itself.
            findings.counts.changed += u64::from(after.version > before.version + 1);
            let settles = after.value.state.succeeded && !before.value.state.succeeded;
            findings.counts.mended += u64::from(settles);
            alarm_deadlines(&after.value, services.clock.now());
            after.value.differences().into_iter().for_each(|difference| findings.note(difference));
            refreshed.payment = Some((before.value, after.value));
        }
        Err(error) if error.unreadable_item().is_some() => note_unreadable(findings, error)?,
        // One failure does not keep the other payments from being refreshed.
        Err(error) => {
            let cause = causes(&error);
            tracing::warn!(payment = %id, cause, "a payment is not looked after yet");
            findings.note(unreachable(id.clone(), cause));
        }
    }
    Ok(refreshed)
}

/// Counts the payment's disputes that nobody has answered and whose deadline is near. A refresh is due when it comes near, and
/// daily afterwards.
fn alarm_deadlines(payment: &Payment, now: Timestamp) {
    for (dispute, due_by) in payment.state.disputes.due_soon(now) {
        tracing::warn!(payment = %payment.id(), %dispute, %due_by, "a dispute needs a response soon");
        count(Metric::DisputeDeadline);
    }
}

/// Gives the process that has just decided a transfer instruction the time to send it, and reads the payment again.
/// Sent here as well, it would cost a second request; not sent, it would be reported as a difference.
async fn after_its_decider(
    services: &Services,
    stored: Stored<Payment>,
) -> Result<Option<Stored<Payment>>, ReconciliationError> {
    let pending = stored.value.state.transfers.outstanding();
    let wait_ms = pending.map_or(0, |pending| pending.left_to_decider_ms(services.clock.now()));
    if wait_ms == 0 {
        return Ok(Some(stored));
    }
    sleep(Duration::from_millis(wait_ms)).await;
    Ok(services.store.payment(stored.value.id()).await?)
}
