//! The `events` stage: applies events that Stripe could not deliver, from their bodies, as the webhook would. An event that
//! was applied is not applied again when the next run lists it.

use super::expired_cursor::page_of_range;
use crate::ReconciliationError;
use crate::run_progress::RunProgress;
use crate::side_by_side::{OfPayment, WorkedPage, by_payment, list};
use futures_util::future::BoxFuture;
use payments::{AppliedEvents, OpenRange, Stage, Timestamp};
use payments_bookkeeping::{Bookkeeping, EventOutcome, park};
use payments_services::Services;
use payments_stripe::{Claim, UndeliveredEvent, parse_event};

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let (services, applied) = (progress.services, progress.applied.clone());
    let page = |range| -> BoxFuture<'_, _> { Box::pin(page(services, &applied, range)) };
    let listed = list(progress, Stage::Events, until, page).await;
    progress.save_applied().await?;
    listed
}

async fn page(
    services: &Services,
    applied: &AppliedEvents,
    range: OpenRange,
) -> Result<WorkedPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_undelivered_events(range.created.into(), range.after.as_deref()).await;
    let Some((mut page, mut findings)) = page_of_range(services, &range, answer).await? else {
        return Ok(WorkedPage::gone());
    };
    // Oldest first, closer to the order of delivery.
    let new = std::mem::take(&mut page.data).into_iter().rev();
    let new = new.filter(|event| !applied.contains(event.created_s, &event.id));
    let events = new.map(|event| (claim(&event), event)).collect();
    let worked = by_payment(services, events, |events| Box::pin(apply(services, events))).await?;
    findings.add(worked.findings);
    Ok(WorkedPage { applied: worked.applied, ..WorkedPage::of(&range, &page, findings) })
}

/// Whose the event's object is, where it can be read.
fn claim(event: &UndeliveredEvent) -> Claim {
    let parsed = parse_event(&event.body).ok();
    parsed.and_then(|event| event.received_object()).map(|received| received.claim).unwrap_or_default()
}

async fn apply(
    services: &Services,
    OfPayment { objects, mut read }: OfPayment<UndeliveredEvent>,
) -> Result<WorkedPage, ReconciliationError> {
    let mut worked = WorkedPage::default();
    let counts = &mut worked.findings.counts;
    for event in objects {
        match Bookkeeping::now(services).apply_event_to(&event.body, &mut read).await? {
            // A failed follow-up leaves the payment due, so it does not hold up the events behind this one.
            EventOutcome::Applied(news) | EventOutcome::FollowUpFailed(news, _) => {
                counts.events += 1;
                counts.add_mended(news);
            }
            // It may become ours: an account, by an onboarding that is under way.
            EventOutcome::NotOurs => continue,
            EventOutcome::Unappliable(event) => {
                counts.events += 1;
                park(services, &event).await?;
            }
        }
        worked.applied.push((event.created_s, event.id));
    }
    Ok(worked)
}
