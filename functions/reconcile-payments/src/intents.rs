//! PaymentIntents created in the window: those whose row never heard back are attached.

use crate::list::{after, from_the_start, page_of};
use crate::report::{unappliable, unreadable};
use crate::slice::window;
use payments::{Reconciliation, Stamp};
use payments_bookkeeping::{Outcome, apply, follow_up};
use payments_function::App;
use payments_http::Problem;
use payments_stripe::IntentObject;

pub(crate) async fn page(app: &App, run: &mut Reconciliation) -> Result<Option<String>, Problem> {
    let stripe = app.stripe_session().await?;
    let answer = stripe.list_intents(window(run), after(run)).await;
    let Some(page) = page_of(run, answer)? else { return Ok(from_the_start()) };
    page.unreadable.iter().for_each(|object| run.note(unreadable(object)));
    for intent in &page.data {
        sweep(app, run, intent).await?;
    }
    Ok(page.next)
}

async fn sweep(app: &App, run: &mut Reconciliation, intent: &IntentObject) -> Result<(), Problem> {
    if intent.payment_id().is_none() || intent.livemode != app.config.livemode {
        return Ok(());
    }
    run.counts.intents += 1;
    let object = intent.id.to_string();
    // Stamped as its creation: where an open intent stands is the due index's business.
    let received = intent.received_object(Stamp::of_creation(intent.created));
    let now = app.clock.now();
    match apply(app, &received, now).await? {
        Outcome::Applied(known) => {
            run.counts.changed += u64::from(known.news);
            if known.news {
                follow_up(app, known.payment, now).await?;
            }
        }
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => run.note(unappliable(object, reason, intent.payment_id())),
    }
    Ok(())
}
