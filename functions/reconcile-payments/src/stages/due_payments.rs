//! The `due` stage: refreshes payments with open items, from the due index.

use crate::ReconciliationError;
use crate::differences::unreachable;
use crate::due_cursor::{behind, position};
use crate::note_unreadable::note_unreadable;
use payments::{NextPage, Payment, PaymentId, Reconciliation, Timestamp};
use payments_bookkeeping::Bookkeeping;
use payments_services::{Metric, Services, causes, count};
use payments_store::Stored;
use std::time::Duration;
use tokio::time::sleep;

/// How many payments are refreshed between two writes of the progress.
const BATCH: u16 = 25;
/// How much earlier than due a payment is refreshed when money is still to be moved. Normally the request that caused
/// the transfer instruction executes it; here every balance transaction has just been read, and what remains is
/// reported.
const AHEAD_S: i64 = 5 * 60;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
    until: Timestamp,
) -> Result<NextPage, ReconciliationError> {
    let (shard, after) = position(run.cursor.as_deref());
    let (due, next) =
        services.store.due(shard, run.started_at.plus_seconds(AHEAD_S), BATCH, after.as_ref()).await?;
    let mut last = None;
    for place in due {
        // The next slice continues behind the last payment that was refreshed.
        if services.clock.now() >= until {
            let here = last.and_then(|last| behind(shard, Some(last)));
            let here = here.or_else(|| run.cursor.clone()).unwrap_or_else(|| format!("{shard}:"));
            return Ok(NextPage::After(here));
        }
        attend(services, run, &place.payment_id).await?;
        last = Some(place);
    }
    Ok(behind(shard, next).into())
}

/// Whether a payment is due, or still has money to move.
fn is_up(payment: &Payment, now: Timestamp) -> bool {
    let state = &payment.state;
    let unsettled = state.to_recover() != 0
        || state.transfers.outstanding().is_some()
        || state.refunds.open_requests().next().is_some();
    unsettled || payment.due_at().is_some_and(|due| due <= now)
}

async fn attend(
    services: &Services,
    run: &mut Reconciliation,
    id: &PaymentId,
) -> Result<(), ReconciliationError> {
    let read = match services.store.payment(id).await {
        Ok(read) => read,
        Err(error) => return note_unreadable(run, error),
    };
    let Some(stored) = read.filter(|stored| is_up(&stored.value, run.started_at)) else { return Ok(()) };
    let stored = match after_its_decider(services, stored).await {
        Ok(Some(stored)) => stored,
        Ok(None) => return Ok(()),
        Err(error) => return note_unreadable(run, error),
    };
    run.counts.due += 1;
    let (before, available) = (stored.clone(), run.available.clone());
    match Bookkeeping::now(services).refresh_payment(stored, &available).await {
        Ok(attended) => {
            run.add_refreshed(&before.value, &attended.value);
            // One write only records the refresh itself.
            run.counts.changed += u64::from(attended.version > before.version + 1);
            alarm_deadlines(&attended.value, services.clock.now());
            attended.value.differences().into_iter().for_each(|difference| run.note_once(difference));
        }
        Err(error) if error.unreadable_item().is_some() => note_unreadable(run, error)?,
        // One failure does not keep the other payments from being refreshed.
        Err(error) => {
            let cause = causes(&error);
            tracing::warn!(payment = %id, cause, "a payment is not looked after yet");
            run.note(unreachable(id.clone(), cause));
        }
    }
    Ok(())
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
