//! The `fraud_warnings` stage: early fraud warnings that Stripe received in the window. A warning moves no money, so no other
//! list shows one whose event was lost.

use super::expired_cursor::page_of;
use crate::ReconciliationError;
use crate::differences::unappliable;
use crate::note_unreadable::{note_unreadable, note_unreadable_objects};
use crate::reconcile::window;
use payments::{NextPage, Reconciliation, SetUpFault};
use payments_bookkeeping::{Bookkeeping, Outcome};
use payments_services::Services;
use payments_stripe::FraudWarningObject;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_fraud_warnings(window(run), run.cursor.as_deref()).await;
    // The call has alarmed it. Other stages need other permissions, and must not wait for this one.
    if answer.as_ref().is_err_and(|error| error.set_up_fault() == Some(SetUpFault::Permission)) {
        return Ok(NextPage::None);
    }
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    note_unreadable_objects(services, run, &page.unreadable).await?;
    for warning in page.data.iter().filter(|warning| warning.livemode == services.config.livemode) {
        if let Err(error) = sweep(services, run, warning).await {
            note_unreadable(run, error)?;
        }
    }
    Ok(page.next.into())
}

async fn sweep(
    services: &Services,
    run: &mut Reconciliation,
    warning: &FraudWarningObject,
) -> Result<(), ReconciliationError> {
    let received = warning.received_object();
    let books = Bookkeeping::now(services);
    match books.apply_object(&received).await? {
        Outcome::Applied(known) => {
            run.counts.fraud_warnings += 1;
            run.counts.changed += u64::from(known.changed);
            if known.changed {
                books.follow_up(*known).await?;
            }
        }
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => run.note(unappliable(warning.id.to_string(), reason, None)),
    }
    Ok(())
}
