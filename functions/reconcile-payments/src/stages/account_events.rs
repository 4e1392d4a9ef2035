//! The `account_events` stage: looks again at the accounts that v2's thin events name. The list cannot tell which events
//! were delivered (<https://docs.stripe.com/api/v2/core/events/list>), so every event of the window counts.

use super::connected_accounts::reads_v2;
use super::expired_cursor::page_of_v2;
use crate::ReconciliationError;
use crate::reconcile::{Slice, window};
use crate::stages::connected_accounts::note_account;
use payments::{NextPage, Reconciliation};
use payments_bookkeeping::{Bookkeeping, EventOutcome};
use payments_services::Services;

/// Refreshes the accounts that a page of events names, each once in a slice, until the time is over.
pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
    slice: &mut Slice,
) -> Result<NextPage, ReconciliationError> {
    if !reads_v2(services) {
        return Ok(NextPage::None);
    }
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_account_events(window(run), run.cursor.as_deref()).await;
    let Some(page) = page_of_v2(run, answer)? else { return Ok(NextPage::First) };
    for event in &page.data {
        let Some(account) = event.changed_account() else { continue };
        if slice.refreshed.contains(&account) {
            continue;
        }
        if services.clock.now() >= slice.until {
            return Ok(run.cursor.clone().map_or(NextPage::First, NextPage::After));
        }
        match Bookkeeping::now(services).apply_thin_event(event).await {
            Ok(EventOutcome::Applied(changed) | EventOutcome::FollowUpFailed(changed, _)) => {
                run.counts.events += 1;
                run.counts.changed += u64::from(changed);
            }
            Ok(EventOutcome::NotOurs | EventOutcome::Unappliable(_)) => {}
            Err(error) => note_account(run, &account, error)?,
        }
        slice.refreshed.insert(account);
    }
    Ok(page.next.into())
}
