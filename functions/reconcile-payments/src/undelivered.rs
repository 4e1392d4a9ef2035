//! Events that Stripe could not deliver: applied from their bodies, as the webhook would have.

use crate::report::unreadable;
use crate::slice::window;
use payments::Reconciliation;
use payments_bookkeeping::{EventOutcome, apply_event, park};
use payments_function::App;
use payments_http::Problem;

pub(crate) async fn page(app: &App, run: &mut Reconciliation) -> Result<Option<String>, Problem> {
    let stripe = app.stripe_session().await?;
    let page = stripe.list_undelivered_events(window(run), run.cursor.as_deref()).await;
    let page = page.map_err(Problem::unavailable)?;
    page.unreadable.iter().for_each(|object| run.note(unreadable(object)));
    let now = app.clock.now();
    // Oldest first within the page: closer to how they would have come.
    for event in page.data.iter().rev() {
        match apply_event(app, &event.body, now).await? {
            EventOutcome::Applied(news) => {
                run.counts.events += 1;
                run.counts.news += u64::from(news);
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
