//! Pages of Stripe's lists, whose cursor can become invalid between two slices.

use crate::ReconciliationError;
use crate::report::unreadable;
use crate::unreadable_items::note_unreadable;
use payments::{AccountsApi, Reconciliation};
use payments_bookkeeping::Bookkeeping;
use payments_services::Services;
use payments_stripe::{Page, Refusal, StripeError, UnreadableObject};

/// Returns the next page; `None` if the stage must start again because Stripe no longer has the object that the cursor
/// names. Stripe keeps events for 30 days, and accounts can be removed.
///
/// # Errors
/// 503, when Stripe is unavailable.
pub(crate) fn page_of<T>(
    run: &Reconciliation,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<Page<T>>, ReconciliationError> {
    page_unless(run, answer, is_gone)
}

/// Returns the next page of a list of API v2; `None` if the stage must start again because the place in the list is not
/// valid any more.
///
/// # Errors
/// 503, when Stripe is unavailable or refuses the list.
pub(crate) fn page_of_v2<T>(
    run: &Reconciliation,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<Page<T>>, ReconciliationError> {
    page_unless(run, answer, |error| matches!(error, StripeError::Refused(_)))
}

fn page_unless<T>(
    run: &Reconciliation,
    answer: Result<Page<T>, StripeError>,
    is_gone: impl Fn(&StripeError) -> bool,
) -> Result<Option<Page<T>>, ReconciliationError> {
    match answer {
        Ok(page) => Ok(Some(page)),
        Err(error) if run.cursor.is_some() && is_gone(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the deployment reads v2's lists. A deployment with accounts of v1 may run on a platform, or with a key,
/// that is refused them.
pub(crate) fn reads_v2(services: &Services) -> bool {
    services.config.account_kind.api() == AccountsApi::V2
}

/// Notes the objects of a page that cannot be read and are ours.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_unreadable_objects(
    services: &Services,
    run: &mut Reconciliation,
    objects: &[UnreadableObject],
) -> Result<(), ReconciliationError> {
    for object in objects {
        note_if_ours(services, run, object).await?;
    }
    Ok(())
}

/// Notes an object that cannot be read if it is ours, and returns whether it is.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_if_ours(
    services: &Services,
    run: &mut Reconciliation,
    object: &UnreadableObject,
) -> Result<bool, ReconciliationError> {
    match Bookkeeping::now(services).is_ours(&object.claim).await {
        Ok(true) => run.note(unreadable(object)),
        Ok(false) => return Ok(false),
        Err(error) => note_unreadable(run, error)?,
    }
    Ok(true)
}

fn is_gone(error: &StripeError) -> bool {
    let by_name = |refusal: &Refusal| refusal.param.as_deref() == Some("starting_after");
    matches!(error, StripeError::Refused(refusal) if by_name(refusal)) || error.is_not_connected()
}
