//! The `fraud_warnings` stage: early fraud warnings of the passes. A warning moves no money, so no other list shows one whose
//! event was lost.

use super::expired_cursor::page_of_range;
use crate::ReconciliationError;
use crate::differences::unappliable;
use crate::note_unreadable::note_unreadable;
use crate::run_progress::RunProgress;
use crate::side_by_side::{OfPayment, WorkedPage, by_payment, list};
use futures_util::future::BoxFuture;
use payments::{Findings, OpenRange, SetUpFault, Stage, Timestamp};
use payments_bookkeeping::{Bookkeeping, Outcome, ReadAhead};
use payments_services::Services;
use payments_stripe::{FraudWarningObject, ReceivedObject};

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let services = progress.services;
    let page = |range| -> BoxFuture<'_, _> { Box::pin(page(services, range)) };
    list(progress, Stage::FraudWarnings, until, page).await
}

async fn page(services: &Services, range: OpenRange) -> Result<WorkedPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_fraud_warnings(range.created.into(), range.after.as_deref()).await;
    // The call has alarmed it. Other stages need other permissions, and must not wait for this one: the next run lists it again.
    if answer.as_ref().is_err_and(|error| error.set_up_fault() == Some(SetUpFault::Permission)) {
        let findings = Findings { warnings_refused: true, ..Findings::default() };
        return Ok(WorkedPage { findings, ..WorkedPage::default() });
    }
    let Some((mut page, mut findings)) = page_of_range(services, &range, answer).await? else {
        return Ok(WorkedPage::gone());
    };
    let warnings = std::mem::take(&mut page.data).into_iter();
    let warnings = warnings.filter(|warning| warning.livemode == services.config.livemode);
    let received = |warning: FraudWarningObject| {
        let received = warning.received_object();
        (received.claim.clone(), (warning, received))
    };
    let warnings = warnings.map(received).collect();
    let worked = by_payment(services, warnings, |some| Box::pin(apply_all(services, some))).await?;
    findings.add(worked.findings);
    Ok(WorkedPage::of(&range, &page, findings))
}

async fn apply_all(
    services: &Services,
    OfPayment { objects, mut read }: OfPayment<(FraudWarningObject, ReceivedObject)>,
) -> Result<WorkedPage, ReconciliationError> {
    let mut findings = Findings::default();
    for (warning, received) in &objects {
        if let Err(error) = apply(services, &mut findings, warning, received, &mut read).await {
            note_unreadable(&mut findings, error)?;
        }
    }
    Ok(WorkedPage { findings, ..WorkedPage::default() })
}

async fn apply(
    services: &Services,
    findings: &mut Findings,
    warning: &FraudWarningObject,
    received: &ReceivedObject,
    read: &mut ReadAhead,
) -> Result<(), ReconciliationError> {
    let books = Bookkeeping::now(services);
    match books.apply_object_to(received, read).await? {
        Outcome::Applied(known) => {
            findings.counts.fraud_warnings += 1;
            findings.counts.add_mended(known.changed);
            if known.changed {
                read.update(books.follow_up(*known).await?);
            }
        }
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => {
            findings.note(unappliable(warning.id.to_string(), reason, None));
        }
    }
    Ok(())
}
