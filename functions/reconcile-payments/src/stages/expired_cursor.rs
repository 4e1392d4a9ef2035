//! Pages of Stripe's lists, whose cursor can become invalid between two slices.

use crate::ReconciliationError;
use crate::note_unreadable::note_unreadable_objects;
use payments::{Findings, OpenRange};
use payments_services::Services;
use payments_stripe::{Page, Refusal, StripeError};

/// Returns the next page of a range, and as findings its objects that cannot be read; `None` if the stage must start again.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn page_of_range<T>(
    services: &Services,
    range: &OpenRange,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<(Page<T>, Findings)>, ReconciliationError> {
    let Some(page) = page_of(range.after.as_deref(), answer)? else { return Ok(None) };
    let mut findings = Findings::default();
    note_unreadable_objects(services, &mut findings, &page.unreadable).await?;
    Ok(Some((page, findings)))
}

/// Returns the next page; `None` if the stage must start again because Stripe no longer has the object that the cursor
/// names. Stripe keeps events for 30 days, and accounts can be removed.
///
/// # Errors
/// 503, when Stripe is unavailable.
pub(crate) fn page_of<T>(
    cursor: Option<&str>,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<Page<T>>, ReconciliationError> {
    page_unless(cursor.is_some(), answer, is_gone)
}

/// Returns the next page of a list of API v2; `None` if the stage must start again because the place in the list is not
/// valid any more.
///
/// # Errors
/// 503, when Stripe is unavailable or refuses the list.
pub(crate) fn page_of_v2<T>(
    cursor: Option<&str>,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<Page<T>>, ReconciliationError> {
    page_unless(cursor.is_some(), answer, |error| matches!(error, StripeError::Refused(_)))
}

fn page_unless<T>(
    has_cursor: bool,
    answer: Result<Page<T>, StripeError>,
    is_gone: impl Fn(&StripeError) -> bool,
) -> Result<Option<Page<T>>, ReconciliationError> {
    match answer {
        Ok(page) => Ok(Some(page)),
        Err(error) if has_cursor && is_gone(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_gone(error: &StripeError) -> bool {
    let by_name = |refusal: &Refusal| refusal.param.as_deref() == Some("starting_after");
    matches!(error, StripeError::Refused(refusal) if by_name(refusal)) || error.is_not_connected()
}
