//! The `events` stage: applies events that Stripe could not deliver, from their bodies, as the webhook would.

use super::expired_cursor::page_of;
use crate::ReconciliationError;
use crate::note_unreadable::note_unreadable_objects;
use crate::reconcile::window;
use payments::{NextPage, Reconciliation};
use payments_bookkeeping::{Bookkeeping, EventOutcome, park};
use payments_services::Services;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_undelivered_events(window(run), run.cursor.as_deref()).await;
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    note_unreadable_objects(services, run, &page.unreadable).await?;
    let books = Bookkeeping::now(services);
    // Oldest first within the page, closer to the order of delivery.
    for event in page.data.iter().rev() {
        match books.apply_event(&event.body).await? {
            // A failed follow-up leaves the payment due, so it does not hold up the events behind this one.
            EventOutcome::Applied(news) | EventOutcome::FollowUpFailed(news, _) => {
                run.counts.events += 1;
                run.counts.changed += u64::from(news);
            }
            EventOutcome::NotOurs => {}
            EventOutcome::Unappliable(event) => {
                run.counts.events += 1;
                park(services, &event).await?;
            }
        }
    }
    Ok(page.next.into())
}
