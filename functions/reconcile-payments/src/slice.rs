//! One slice of a reconciliation: page by page, until its time is over or all is done.

use crate::{accounts, cancel_open, due, intents, rollout, transactions, undelivered};
use payments::{Reconciliation, Stage, Timestamp};
use payments_function::App;
use payments_http::{Metric, Problem, count};
use payments_store::{Reconciliation as Note, Saved, Stored};
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
pub async fn work(app: &App, seconds: i64, occasion: Occasion) -> Result<Reconciliation, Problem> {
    let started = app.clock.now();
    let until = started.plus_seconds(seconds);
    // Before all else: whoever asked for it wants it now.
    cancel_open::work(app, until).await?;
    let mut stored = current(app, started).await?;
    match occasion {
        Occasion::Operator => stored.value.include_accounts(),
        Occasion::Schedule => {}
    }
    let mut quiet_pages = 0;
    while !stored.value.is_finished() && app.clock.now() < until {
        let mut run = stored.value.clone();
        let cursor = page(app, &mut run, until).await?;
        run.advance(cursor, app.clock.now());
        // What brought nothing costs no write: done again, it brings nothing again.
        quiet_pages = if run.has_same_counts_as(&stored.value) { quiet_pages + 1 } else { QUIET_PAGES_MAX };
        stored.value = run;
        if quiet_pages >= QUIET_PAGES_MAX {
            stored = save(app, Note::Current, stored.value, stored.version).await?;
            quiet_pages = 0;
        }
    }
    if quiet_pages > 0 {
        stored = save(app, Note::Current, stored.value, stored.version).await?;
    }
    if stored.value.is_finished() {
        finish(app, &stored.value).await?;
    }
    Ok(stored.value)
}

/// The one that is under way; else the next, from where the last one ended.
async fn current(app: &App, now: Timestamp) -> Result<Stored<Reconciliation>, Problem> {
    let read = app.store.reconciliation::<Reconciliation>(Note::Current).await;
    let stored = read.map_err(Problem::unavailable)?;
    let (last, version) = match stored {
        Some(under_way) if !under_way.value.is_finished() => return Ok(under_way),
        Some(finished) => {
            // Its report is lost if it was broken off just before that was kept.
            finish(app, &finished.value).await?;
            (Some(finished.value), finished.version)
        }
        None => (None, 0),
    };
    Ok(Stored { value: Reconciliation::after(last.as_ref(), now), version })
}

async fn page(app: &App, run: &mut Reconciliation, until: Timestamp) -> Result<Option<String>, Problem> {
    match run.stage {
        Stage::Events => undelivered::page(app, run).await,
        Stage::Intents => intents::page(app, run).await,
        Stage::Transactions => transactions::page(app, run).await,
        Stage::Accounts => accounts::page(app, run, until).await,
        Stage::Rollout => rollout::page(app, run).await,
        Stage::Due => due::page(app, run, until).await,
        Stage::Finished => Ok(None),
    }
}

async fn save(
    app: &App,
    note: Note,
    run: Reconciliation,
    version: u64,
) -> Result<Stored<Reconciliation>, Problem> {
    let written = app.store.save_reconciliation(note, &run, version).await.map_err(Problem::unavailable)?;
    match written {
        Saved::Done { version } => Ok(Stored { value: run, version }),
        Saved::Raced => Err(under_way()),
    }
}

/// Keeps the report where it stays until the next one ends.
async fn finish(app: &App, run: &Reconciliation) -> Result<(), Problem> {
    let read = app.store.reconciliation::<Reconciliation>(Note::Last).await;
    let last = read.map_err(Problem::unavailable)?;
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
    save(app, Note::Last, run.clone(), version).await.map(drop)
}

pub(crate) fn under_way() -> Problem {
    let detail =
        "Another reconciliation is being worked off. Look at GET /v1/admin/drift, or repeat the request.";
    let conflict = payments_http::StatusCode::CONFLICT;
    Problem::new(conflict, "request_in_progress", "Still in progress", detail).retry_after_s(5)
}
