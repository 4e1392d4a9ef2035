//! One slice of a reconciliation: page by page, until its time is over or all is done.

use crate::{ReconciliationError, progress::save_progress};
use crate::{accounts, cancel_open, due, intents, rollout, transactions, undelivered};
use futures_util::future::BoxFuture;
use payments::{NextPage, Reconciliation, Stage, Timestamp};
use payments_services::{Metric, Services, count};
use payments_store::{Reconciliation as Note, Stored};
use payments_stripe::Window;

/// After so many pages that brought nothing the progress is noted all the same.
pub(crate) const QUIET_PAGES_MAX: u32 = 16;

/// The seconds whose objects are swept.
pub(crate) fn window(run: &Reconciliation) -> Window {
    Window { from_s: run.from.seconds(), until_s: Some(run.to.seconds() + 1) }
}

/// What sets a slice going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The schedule, every few minutes.
    Schedule,
    /// An operator, who has all of it looked at, the accounts too.
    Operator,
}

/// Goes on with the reconciliation that is under way, or begins the next, for about `seconds`.
///
/// Who writes the progress first goes on; whoever else was at it stops there, with nothing lost: all that is done is
/// safe to do twice.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; 409, when another slice is being worked off.
pub async fn work(
    services: &Services,
    seconds: i64,
    occasion: Occasion,
) -> Result<Reconciliation, ReconciliationError> {
    let started = services.clock.now();
    let until = started.plus_seconds(seconds);
    // Before all else: whoever asked for it wants it now.
    cancel_open::work(services, until).await?;
    let mut stored = current(services, started).await?;
    match occasion {
        Occasion::Operator => stored.value.include_accounts(),
        Occasion::Schedule => {}
    }
    let mut quiet_pages = 0;
    while !stored.value.is_finished() && services.clock.now() < until {
        let mut run = stored.value.clone();
        let next = page(services, &mut run, until).await?;
        run.advance(next, services.clock.now());
        // What brought nothing costs no write: done again, it brings nothing again.
        quiet_pages = if run.has_same_counts_as(&stored.value) { quiet_pages + 1 } else { QUIET_PAGES_MAX };
        stored.value = run;
        if quiet_pages >= QUIET_PAGES_MAX {
            stored = save_progress(services, Note::Current, stored.value, stored.version).await?;
            quiet_pages = 0;
        }
    }
    if quiet_pages > 0 {
        stored = save_progress(services, Note::Current, stored.value, stored.version).await?;
    }
    if stored.value.is_finished() {
        finish(services, &stored.value).await?;
    }
    Ok(stored.value)
}

/// The one that is under way; else the next, from where the last one ended.
async fn current(services: &Services, now: Timestamp) -> Result<Stored<Reconciliation>, ReconciliationError> {
    let stored = services.store.reconciliation::<Reconciliation>(Note::Current).await?;
    let (last, version) = match stored {
        Some(under_way) if !under_way.value.is_finished() => return Ok(under_way),
        Some(finished) => {
            // Its report is lost if it was broken off just before that was kept.
            finish(services, &finished.value).await?;
            (Some(finished.value), finished.version)
        }
        None => (None, 0),
    };
    Ok(Stored { value: Reconciliation::after(last.as_ref(), now), version })
}

fn page<'a>(
    services: &'a Services,
    run: &'a mut Reconciliation,
    until: Timestamp,
) -> BoxFuture<'a, Result<NextPage, ReconciliationError>> {
    match run.stage {
        Stage::Events => Box::pin(undelivered::page(services, run)),
        Stage::Intents => Box::pin(intents::page(services, run)),
        Stage::Transactions => Box::pin(transactions::page(services, run)),
        Stage::Accounts => Box::pin(accounts::page(services, run, until)),
        Stage::Rollout => Box::pin(rollout::page(services, run)),
        Stage::Due => Box::pin(due::page(services, run, until)),
        Stage::Finished => Box::pin(std::future::ready(Ok(NextPage::None))),
    }
}

/// Keeps the report where it stays until the next one ends.
async fn finish(services: &Services, run: &Reconciliation) -> Result<(), ReconciliationError> {
    let last = services.store.reconciliation::<Reconciliation>(Note::Last).await?;
    let (number, version) = last.map_or((0, 0), |last| (last.value.number, last.version));
    if number >= run.number {
        return Ok(());
    }
    count(Metric::ReconciliationFinished);
    if run.differences_found > 0 {
        tracing::error!(
            run = run.number,
            differences = run.differences_found,
            "the ledger differs from Stripe"
        );
        count(Metric::DriftFound);
    }
    save_progress(services, Note::Last, run.clone(), version).await.map(drop)
}
