//! Events that Stripe could not deliver: applied from their bodies, as the webhook would have.

use crate::list::{after, from_the_start, page_of};
use crate::report::unreadable;
use crate::slice::window;
use payments::Reconciliation;
use payments_bookkeeping::{EventOutcome, apply_event, park};
use payments_function::App;
use payments_http::Problem;

pub(crate) async fn page(app: &App, run: &mut Reconciliation) -> Result<Option<String>, Problem> {
    let stripe = app.stripe_session().await?;
    let answer = stripe.list_undelivered_events(window(run), after(run)).await;
    let Some(page) = page_of(run, answer)? else { return Ok(from_the_start()) };
    page.unreadable.iter().for_each(|object| run.note(unreadable(object)));
    let now = app.clock.now();
    // Oldest first within the page: closer to how they would have come.
    for event in page.data.iter().rev() {
        match apply_event(app, &event.body, now).await? {
            // What is left over is done when the payment is due: no event holds up what comes behind it.
            EventOutcome::Applied(news) | EventOutcome::FollowUpFailed(news, _) => {
                run.counts.events += 1;
                run.counts.changed += u64::from(news);
            }
            EventOutcome::NotOurs => {}
            EventOutcome::Unappliable(event) => {
                run.counts.events += 1;
                park(app, &event).await?;
            }
        }
    }
    Ok(page.next)
}
