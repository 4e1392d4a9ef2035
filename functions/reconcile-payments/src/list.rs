//! A list of Stripe's, page by page, by a cursor that can go stale between two slices.

use crate::ReconciliationError;
use payments::Reconciliation;
use payments_stripe::{Page, Refusal, StripeError};

/// The next page; none when the stage begins anew, because Stripe does not know the object any more that the last page
/// ended with: events are kept for 30 days, and accounts can be taken away.
///
/// # Errors
/// 503, when Stripe is unavailable.
pub(crate) fn page_of<T>(
    run: &Reconciliation,
    answer: Result<Page<T>, StripeError>,
) -> Result<Option<Page<T>>, ReconciliationError> {
    match answer {
        Ok(page) => Ok(Some(page)),
        Err(error) if run.cursor.is_some() && is_gone(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_gone(error: &StripeError) -> bool {
    let by_name = |refusal: &Refusal| refusal.param.as_deref() == Some("starting_after");
    matches!(error, StripeError::Refused(refusal) if by_name(refusal)) || error.is_not_connected()
}
