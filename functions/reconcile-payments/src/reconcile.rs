//! One slice of a reconciliation: page after page, until its time is over or the run is finished.

use crate::cancel_open_intents;
use crate::carried_differences::carry;
use crate::reach_back::reach_back;
use crate::stages::{
    account_events, balance, balance_transactions, connected_accounts, due_payments, fraud_warnings, intents,
    rollout_copies, undelivered_events,
};
use crate::{ReconciliationError, note_unreadable::note_unreadable, save_progress::save_progress};
use futures_util::future::BoxFuture;
use payments::{AccountId, Difference, NextPage, PlatformBalance, Reconciliation, Stage, Timestamp};
use payments_services::{Metric, Services, count};
use payments_store::{Reconciliation as Note, Replaceable, Stored};
use payments_stripe::Window;
use std::collections::BTreeSet;

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
    let half = started.plus_seconds(seconds / 2);
    let canceled = cancel_open_intents::work(services, until, half).await;
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
    carry(services, last.as_ref().map_or(&[], |last| &last.differences), &mut next).await?;
    unreadable.into_iter().try_for_each(|error| note_unreadable(&mut next, error))?;
    if last.is_some() {
        Box::pin(reach_back(services, &mut next, occasion)).await?;
    }
    Ok(Stored { value: next, version })
}

fn page<'a>(
    services: &'a Services,
    run: &'a mut Reconciliation,
    slice: &'a mut Slice,
) -> BoxFuture<'a, Result<NextPage, ReconciliationError>> {
    let until = slice.until;
    match run.stage {
        Stage::Events => Box::pin(undelivered_events::page(services, run)),
        Stage::AccountEvents => Box::pin(account_events::page(services, run, slice)),
        Stage::Intents => Box::pin(intents::page(services, run)),
        Stage::Transactions => Box::pin(balance_transactions::page(services, run)),
        Stage::Balance => Box::pin(balance::page(services, run)),
        Stage::FraudWarnings => Box::pin(fraud_warnings::page(services, run)),
        Stage::Accounts => Box::pin(connected_accounts::page(services, run, until)),
        Stage::AccountsV2 => Box::pin(connected_accounts::page_v2(services, run, until)),
        Stage::Rollout => Box::pin(rollout_copies::page(services, run)),
        Stage::Due => Box::pin(due_payments::page(services, run, until)),
        Stage::Finished => Box::pin(std::future::ready(Ok(NextPage::None))),
    }
}

/// Stores the report, which stays readable until the next run ends.
async fn finish(services: &Services, run: &Reconciliation) -> Result<(), ReconciliationError> {
    let Replaceable { value, version, .. } =
        services.store.replaceable_reconciliation::<Reconciliation>(Note::Last).await?;
    if value.as_ref().is_some_and(|last| last.number >= run.number) {
        return Ok(());
    }
    let reported = value.as_ref().map_or(&[][..], |last| &last.differences);
    count(Metric::ReconciliationFinished);
    for balance in run.platform_balances().filter(PlatformBalance::is_short) {
        let PlatformBalance { currency, available, awaited } = balance;
        tracing::error!(currency = currency.code(), available, awaited, "the platform's balance is too low");
        count(Metric::PlatformBalanceShort);
    }
    if run.differences_found > 0 {
        tracing::error!(
            run = run.number,
            differences = run.differences_found,
            "the ledger differs from Stripe"
        );
        // What stays until somebody acts is listed in each report, and alarmed once.
        let is_known = |it: &Difference| it.kind.stays() && reported.contains(it);
        if run.differences_found > run.differences.len() as u64 || !run.differences.iter().all(is_known) {
            count(Metric::DriftFound);
        }
    }
    save_progress(services, Note::Last, run.clone(), version).await.map(drop)
}
