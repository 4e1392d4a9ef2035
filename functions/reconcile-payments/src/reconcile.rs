//! One slice of a reconciliation: each stage works for its share of the time, until the time is over or the run is
//! finished.

use crate::cancel_open_intents;
use crate::carried_differences::carry;
use crate::reach_back::reach_back;
use crate::run_progress::RunProgress;
use crate::stages::{
    account_events, balance, balance_transactions, connected_accounts, due_payments, fraud_warnings, intents,
    rollout_copies, undelivered_events,
};
use crate::{ReconciliationError, note_unreadable::note_unreadable, save_progress::save_progress};
use futures_util::future::BoxFuture;
use payments::{Difference, PlatformBalance, Reconciliation, Stage, Timestamp};
use payments_services::{Metric, Services, causes, count, count_of_stage};
use payments_store::{Reconciliation as Note, Replaceable, Stored};

/// What starts a slice, and how much it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    Schedule,
    /// Includes the accounts, which a scheduled run reads once a day, and everything up to now.
    Operator,
}

/// Continues the reconciliation in progress, or starts the next, for about `seconds`. If two slices run at once, the
/// second to save its progress stops; nothing is lost, because every step can be repeated.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; 409, when another slice runs at the same time.
pub fn work<'a>(
    services: &'a Services,
    seconds: i64,
    occasion: Occasion,
) -> BoxFuture<'a, Result<Reconciliation, ReconciliationError>> {
    Box::pin(async move {
        let started = services.clock.now();
        let until = started.plus_seconds(seconds);
        // First of all: each of these intents can be paid until it is canceled.
        let half = started.plus_seconds(seconds / 2);
        let canceled = cancel_open_intents::work(services, until, half).await;
        let mut stored = current(services, started, occasion).await?;
        if let Err(error) = canceled {
            note_unreadable(&mut stored.value.findings, error)?;
        }
        match occasion {
            Occasion::Operator => stored.value.read_in_full(),
            Occasion::Schedule => {}
        }
        stored.value.begin_slice();
        let mut progress = RunProgress::begin(services, stored).await?;
        let worked = work_stages(&mut progress, until).await;
        // What was done counts, also when something failed.
        match &worked {
            Ok(()) | Err(ReconciliationError::Bookkeeping(_)) => progress.save().await?,
            Err(ReconciliationError::UnderWay | ReconciliationError::RebuildUnderWay) => {}
        }
        worked?;
        if progress.run.is_finished() {
            finish(services, &progress.run).await?;
        }
        Ok(progress.run)
    })
}

/// Lets each stage work for its share, in order, until the time is over. A stage that fails keeps none behind it from its
/// share; the first error is returned at last.
fn work_stages<'a>(
    progress: &'a mut RunProgress<'_>,
    end: Timestamp,
) -> BoxFuture<'a, Result<(), ReconciliationError>> {
    Box::pin(async move {
        let mut failed = None;
        loop {
            for stage in progress.run.open_stages() {
                if progress.now() >= end {
                    return failed.map_or(Ok(()), Err);
                }
                if !progress.run.may_work(stage) {
                    continue;
                }
                let until = stage.works_until(&progress.run.open_stages(), progress.now(), end);
                let mended_before = progress.run.findings.counts.mended;
                let worked = work_stage(progress, stage, until).await;
                let mended = progress.run.findings.counts.mended - mended_before;
                if mended > 0 {
                    count_of_stage(Metric::ReconciliationMended, mended, &format!("{stage:?}"));
                }
                match worked {
                    Ok(()) => {}
                    Err(error @ ReconciliationError::Bookkeeping(_)) => {
                        tracing::warn!(stage = ?stage, cause = causes(&error), "a stage stops for this slice");
                        failed = failed.or(Some(error));
                    }
                    Err(error) => return Err(error),
                }
            }
            if progress.run.is_finished() || failed.is_some() {
                return failed.map_or(Ok(()), Err);
            }
        }
    })
}

fn work_stage<'a>(
    progress: &'a mut RunProgress<'_>,
    stage: Stage,
    until: Timestamp,
) -> BoxFuture<'a, Result<(), ReconciliationError>> {
    match stage {
        Stage::Events => Box::pin(undelivered_events::work(progress, until)),
        Stage::AccountEvents => Box::pin(account_events::work(progress, until)),
        Stage::Intents => Box::pin(intents::work(progress, until)),
        Stage::Transactions => Box::pin(balance_transactions::work(progress, until)),
        Stage::Balance => Box::pin(balance::work(progress, until)),
        Stage::FraudWarnings => Box::pin(fraud_warnings::work(progress, until)),
        Stage::Accounts => Box::pin(connected_accounts::work(progress, until)),
        Stage::AccountsV2 => Box::pin(connected_accounts::work_v2(progress, until)),
        Stage::Rollout => Box::pin(rollout_copies::work(progress)),
        Stage::Due => Box::pin(due_payments::work(progress, until)),
        Stage::Finished => Box::pin(std::future::ready(Ok(()))),
    }
}

/// Returns the run in progress, or the next one, which starts where the last one ended.
fn current<'a>(
    services: &'a Services,
    now: Timestamp,
    occasion: Occasion,
) -> BoxFuture<'a, Result<Stored<Reconciliation>, ReconciliationError>> {
    Box::pin(async move {
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
        if let Some(last) = &last {
            carry(services, &last.findings.differences, &mut next.findings).await?;
            match occasion {
                Occasion::Schedule => next.carry(last),
                Occasion::Operator => {}
            }
            Box::pin(reach_back(services, &mut next, occasion)).await?;
        }
        unreadable.into_iter().try_for_each(|error| note_unreadable(&mut next.findings, error))?;
        Ok(Stored { value: next, version })
    })
}

/// Stores the report, which stays readable until the next run ends.
fn finish<'a>(
    services: &'a Services,
    run: &'a Reconciliation,
) -> BoxFuture<'a, Result<(), ReconciliationError>> {
    Box::pin(async move {
        let Replaceable { value, version, .. } =
            services.store.replaceable_reconciliation::<Reconciliation>(Note::Last).await?;
        if value.as_ref().is_some_and(|last| last.number >= run.number) {
            return Ok(());
        }
        let reported = value.as_ref().map_or(&[][..], |last| &last.findings.differences);
        count(Metric::ReconciliationFinished);
        for balance in run.platform_balances().filter(PlatformBalance::is_short) {
            let PlatformBalance { currency, available, awaited } = balance;
            tracing::error!(
                currency = currency.code(),
                available,
                awaited,
                "the platform's balance is too low"
            );
            count(Metric::PlatformBalanceShort);
        }
        let found = &run.findings;
        if found.differences_found > 0 {
            tracing::error!(
                run = run.number,
                differences = found.differences_found,
                "the ledger differs from Stripe"
            );
            // What stays until somebody acts is listed in each report, and alarmed once.
            let is_known = |it: &Difference| run.is_carried(it) || (it.kind.stays() && reported.contains(it));
            if found.differences_found > found.differences.len() as u64
                || !found.differences.iter().all(is_known)
            {
                count(Metric::DriftFound);
            }
        }
        save_progress(services, Note::Last, run.clone(), version).await.map(drop)
    })
}
