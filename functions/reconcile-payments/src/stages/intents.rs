//! The `intents` stage: joins the PaymentIntents created in the window into payments that never got Stripe's response.

use super::expired_cursor::page_of;
use crate::ReconciliationError;
use crate::differences::unappliable;
use crate::note_unreadable::note_unreadable;
use crate::note_unreadable::note_unreadable_objects;
use crate::reconcile::window;
use payments::{NextPage, Reconciliation, Stamp};
use payments_bookkeeping::{Bookkeeping, Outcome};
use payments_services::Services;
use payments_stripe::IntentObject;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_intents(window(run), run.cursor.as_deref()).await;
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    note_unreadable_objects(services, run, &page.unreadable).await?;
    for intent in &page.data {
        if let Err(error) = sweep(services, run, intent).await {
            note_unreadable(run, error)?;
        }
    }
    Ok(page.next.into())
}

async fn sweep(
    services: &Services,
    run: &mut Reconciliation,
    intent: &IntentObject,
) -> Result<(), ReconciliationError> {
    if intent.livemode != services.config.livemode {
        return Ok(());
    }
    let object = intent.id.to_string();
    // Stamped with the intent's creation, so that the phase from a list never replaces a newer one; the `due` stage
    // refreshes open intents.
    let received = intent.received_object(Stamp::of_creation(intent.created));
    let books = Bookkeeping::now(services);
    match books.apply_object(&received).await? {
        Outcome::Applied(known) => {
            run.counts.intents += 1;
            run.counts.changed += u64::from(known.changed);
            if known.changed {
                books.follow_up(*known).await?;
            }
        }
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => {
            run.counts.intents += 1;
            run.note(unappliable(object, reason, intent.payment_id()));
        }
    }
    Ok(())
}
