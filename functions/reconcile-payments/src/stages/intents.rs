//! The `intents` stage: joins the PaymentIntents of the passes into payments that never got Stripe's response.

use super::expired_cursor::page_of_range;
use crate::ReconciliationError;
use crate::differences::unappliable;
use crate::note_unreadable::note_unreadable;
use crate::run_progress::RunProgress;
use crate::side_by_side::{OfPayment, WorkedPage, by_payment, list};
use futures_util::future::BoxFuture;
use payments::{Findings, OpenRange, Stage, Stamp, Timestamp};
use payments_bookkeeping::{Bookkeeping, Outcome, ReadAhead};
use payments_services::Services;
use payments_stripe::IntentObject;

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let services = progress.services;
    let page = |range| -> BoxFuture<'_, _> { Box::pin(page(services, range)) };
    list(progress, Stage::Intents, until, page).await
}

async fn page(services: &Services, range: OpenRange) -> Result<WorkedPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_intents(range.created.into(), range.after.as_deref()).await;
    let Some((mut page, mut findings)) = page_of_range(services, &range, answer).await? else {
        return Ok(WorkedPage::gone());
    };
    let intents = std::mem::take(&mut page.data).into_iter();
    let intents = intents.filter(|intent| intent.livemode == services.config.livemode);
    let intents = intents.map(|intent| (intent.claim(), intent)).collect();
    let worked = by_payment(services, intents, |intents| Box::pin(apply_all(services, intents))).await?;
    findings.add(worked.findings);
    Ok(WorkedPage::of(&range, &page, findings))
}

async fn apply_all(
    services: &Services,
    OfPayment { objects, mut read }: OfPayment<IntentObject>,
) -> Result<WorkedPage, ReconciliationError> {
    let mut findings = Findings::default();
    for intent in &objects {
        if let Err(error) = apply(services, &mut findings, intent, &mut read).await {
            note_unreadable(&mut findings, error)?;
        }
    }
    Ok(WorkedPage { findings, ..WorkedPage::default() })
}

async fn apply(
    services: &Services,
    findings: &mut Findings,
    intent: &IntentObject,
    read: &mut ReadAhead,
) -> Result<(), ReconciliationError> {
    // Stamped with the intent's creation, so that the phase from a list never replaces a newer one; the `due` stage
    // refreshes open intents.
    let received = intent.received_object(Stamp::of_creation(intent.created));
    let books = Bookkeeping::now(services);
    match books.apply_object_to(&received, read).await? {
        Outcome::Applied(known) => {
            findings.counts.intents += 1;
            findings.counts.add_mended(known.changed);
            if known.changed {
                read.update(books.follow_up(*known).await?);
            }
        }
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => {
            findings.counts.intents += 1;
            findings.note(unappliable(intent.id.to_string(), reason, intent.payment_id()));
        }
    }
    Ok(())
}
