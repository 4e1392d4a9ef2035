//! The `account_events` stage: looks again at the accounts that v2's thin events name. The list cannot tell which events
//! were delivered (<https://docs.stripe.com/api/v2/core/events/list>), so every event of the window counts, once.

use super::connected_accounts::reads_v2;
use super::expired_cursor::page_of_v2;
use crate::ReconciliationError;
use crate::run_progress::RunProgress;
use crate::stages::connected_accounts::note_account;
use payments::{NextPage, Stage, Timestamp};
use payments_bookkeeping::{Bookkeeping, EventOutcome};
use payments_stripe::ThinEvent;

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let worked = pages(progress, until).await;
    progress.save_applied().await?;
    worked
}

async fn pages(progress: &mut RunProgress<'_>, until: Timestamp) -> Result<(), ReconciliationError> {
    while progress.run.open_stages().contains(&Stage::AccountEvents) && progress.now() < until {
        let next = page(progress, until).await?;
        progress.advance(Stage::AccountEvents, next).await?;
    }
    Ok(())
}

/// Refreshes the accounts that a page of events names, each once in a slice, until the time is over.
async fn page(progress: &mut RunProgress<'_>, until: Timestamp) -> Result<NextPage, ReconciliationError> {
    let services = progress.services;
    if !reads_v2(services) {
        return Ok(NextPage::None);
    }
    let cursor = progress.run.cursor(Stage::AccountEvents).map(str::to_owned);
    let stripe = services.stripe_session().await?;
    let answer =
        stripe.list_account_events(progress.run.account_event_range().into(), cursor.as_deref()).await;
    let Some(page) = page_of_v2(cursor.as_deref(), answer)? else { return Ok(NextPage::First) };
    for event in &page.data {
        let Some(account) = event.changed_account() else { continue };
        if is_applied(progress, event) || progress.refreshed.contains(&account) {
            continue;
        }
        if progress.now() >= until {
            return Ok(cursor.map_or(NextPage::First, NextPage::After));
        }
        match Bookkeeping::now(services).apply_thin_event(event).await {
            Ok(EventOutcome::Applied(changed) | EventOutcome::FollowUpFailed(changed, _)) => {
                let counts = &mut progress.findings().counts;
                counts.events += 1;
                counts.add_mended(changed);
                if let (Some(created_s), Some(id)) = (event.created_s, &event.id) {
                    progress.applied.add(created_s, id.clone());
                }
            }
            // It may become ours, by an onboarding that is under way.
            Ok(EventOutcome::NotOurs | EventOutcome::Unappliable(_)) => {}
            Err(error) => note_account(progress.findings(), &account, error)?,
        }
        progress.refreshed.insert(account);
    }
    Ok(page.next.into())
}

fn is_applied(progress: &RunProgress<'_>, event: &ThinEvent) -> bool {
    let known = event.created_s.zip(event.id.as_ref());
    known.is_some_and(|(created_s, id)| progress.applied.contains(created_s, id))
}
