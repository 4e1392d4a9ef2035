//! One slice of a reconciliation: page after page, until its time is over or the run is finished.

use crate::{ReconciliationError, progress::save_progress, unreadable_items::note_unreadable};
use crate::{
    account_events, accounts, balance, cancel_open_intents, due, intents, rollout, transactions, undelivered,
};
use futures_util::future::BoxFuture;
use payments::{AccountId, DifferenceKind, NextPage, Reconciliation, Stage, Timestamp};
use payments_services::{Metric, Services, count};
use payments_store::{Reconciliation as Note, Replaceable, Stored};
use payments_stripe::Window;
use std::collections::BTreeSet;

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;
/// How far hours that are not booked as Stripe shows them are looked for.
const REACH_BACK_S: i64 = 30 * DAY_S;

/// How many pages that changed no count may pass before the progress is saved.
pub(crate) const QUIET_PAGES_MAX: u32 = 16;

/// Returns the time window whose objects this run reads.
pub(crate) fn window(run: &Reconciliation) -> Window {
    Window { from_s: run.from.seconds(), until_s: Some(run.to.seconds() + 1) }
}

/// Returns the time window whose balance transactions this run reads.
pub(crate) fn transactions_window(run: &Reconciliation) -> Window {
    Window { from_s: run.transactions_from.seconds(), ..window(run) }
}

/// What starts a slice, and how much it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    Schedule,
    /// Includes the accounts, which a scheduled run reads once a day.
    Operator,
}

/// The time that a slice has, and what it has done.
pub(crate) struct Slice {
    pub(crate) until: Timestamp,
    /// The accounts that its events named, for they name an account several times.
    pub(crate) refreshed: BTreeSet<AccountId>,
}

/// Continues the reconciliation in progress, or starts the next, for about `seconds`. If two slices run at once, the
/// second to save its progress stops; nothing is lost, because every step can be repeated.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; 409, when another slice runs at the same time.
pub async fn work(
    services: &Services,
    seconds: i64,
    occasion: Occasion,
) -> Result<Reconciliation, ReconciliationError> {
    let started = services.clock.now();
    let until = started.plus_seconds(seconds);
    // First of all: each of these intents can be paid until it is canceled.
    let canceled = cancel_open_intents::work(services, until).await;
    let mut stored = current(services, started, occasion).await?;
    if let Err(error) = canceled {
        note_unreadable(&mut stored.value, error)?;
    }
    match occasion {
        Occasion::Operator => stored.value.include_accounts(),
        Occasion::Schedule => {}
    }
    let mut slice = Slice { until, refreshed: BTreeSet::new() };
    let mut quiet_pages = 0;
    while !stored.value.is_finished() && services.clock.now() < until {
        let mut run = stored.value.clone();
        let next = page(services, &mut run, &mut slice).await?;
        run.advance(next, services.clock.now());
        // A page that changed no count is not saved: repeating it changes nothing either.
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

/// Returns the run in progress, or the next one, which starts where the last one ended.
async fn current(
    services: &Services,
    now: Timestamp,
    occasion: Occasion,
) -> Result<Stored<Reconciliation>, ReconciliationError> {
    let Replaceable { value, version, unreadable } =
        services.store.replaceable_reconciliation::<Reconciliation>(Note::Current).await?;
    let last = match value {
        Some(under_way) if !under_way.is_finished() => return Ok(Stored { value: under_way, version }),
        Some(finished) => {
            // The last slice may have stopped just before it stored the report.
            finish(services, &finished).await?;
            Some(finished)
        }
        None => services.store.replaceable_reconciliation(Note::Last).await?.value,
    };
    let mut next = Reconciliation::after(last.as_ref(), now);
    let listed = last.as_ref().map_or(&[][..], |last| &last.differences);
    let listed = listed.iter().filter(|it| it.kind == DifferenceKind::UnreadableItem);
    let keys: Vec<&str> = listed.filter_map(|it| it.object.as_deref()).collect();
    let still = services.store.still_unreadable(&keys).await?;
    still.into_iter().chain(unreadable).try_for_each(|error| note_unreadable(&mut next, error))?;
    if last.is_some() {
        Box::pin(reach_back(services, &mut next, occasion)).await?;
    }
    Ok(Stored { value: next, version })
}

/// Reads balance transactions of earlier hours again. The first run of a day reads yesterday, which is complete only now,
/// and both it and an operator's run read from the first hour on that was not booked as Stripe shows it.
async fn reach_back(
    services: &Services,
    run: &mut Reconciliation,
    occasion: Occasion,
) -> Result<(), ReconciliationError> {
    let is_first_of_day = run.includes_accounts;
    if is_first_of_day {
        run.reach_back_to(run.to.start_of_day().plus_seconds(-DAY_S));
    }
    if !is_first_of_day && occasion == Occasion::Schedule {
        return Ok(());
    }
    let days = match services.store.statement_days(&run.to.plus_seconds(-REACH_BACK_S).date()).await {
        Ok(days) => days,
        Err(error) => return note_unreadable(run, error),
    };
    let first =
        days.iter().find_map(|(day, sums)| Some((Timestamp::of_day(day)?, sums.first_unbooked_hour()?)));
    if let Some((day, hour)) = first {
        run.reach_back_to(day.plus_seconds(i64::from(hour) * HOUR_S));
    }
    Ok(())
}

fn page<'a>(
    services: &'a Services,
    run: &'a mut Reconciliation,
    slice: &'a mut Slice,
) -> BoxFuture<'a, Result<NextPage, ReconciliationError>> {
    let until = slice.until;
    match run.stage {
        Stage::Events => Box::pin(undelivered::page(services, run)),
        Stage::AccountEvents => Box::pin(account_events::page(services, run, slice)),
        Stage::Intents => Box::pin(intents::page(services, run)),
        Stage::Transactions => Box::pin(transactions::page(services, run)),
        Stage::Balance => Box::pin(balance::page(services, run)),
        Stage::Accounts => Box::pin(accounts::page(services, run, until)),
        Stage::AccountsV2 => Box::pin(accounts::page_v2(services, run, until)),
        Stage::Rollout => Box::pin(rollout::page(services, run)),
        Stage::Due => Box::pin(due::page(services, run, until)),
        Stage::Finished => Box::pin(std::future::ready(Ok(NextPage::None))),
    }
}

/// Stores the report, which stays readable until the next run ends.
async fn finish(services: &Services, run: &Reconciliation) -> Result<(), ReconciliationError> {
    let Replaceable { value, version, .. } =
        services.store.replaceable_reconciliation::<Reconciliation>(Note::Last).await?;
    if value.is_some_and(|last| last.number >= run.number) {
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
