//! Pages of Stripe's lists, whose cursor can become invalid between two slices.

use crate::ReconciliationError;
use payments::{AccountsApi, Reconciliation};
use payments_services::Services;
use payments_stripe::{Page, Refusal, StripeError};

/// Returns the next page; `None` if the stage must start again because Stripe no longer has the object that the cursor
/// names. Stripe keeps events for 30 days, and accounts can be removed.
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

/// A page of a list of API v2.
pub(crate) enum PageOfV2<T> {
    Read(Page<T>),
    /// The stage must start again, because the cursor is not valid any more.
    Gone,
    /// A platform of v1 has no such list.
    NoSuchList,
}

/// Returns the next page of a list of API v2. A deployment whose accounts are of v1 may run on a platform without it.
///
/// # Errors
/// 503, when Stripe is unavailable or refuses the list.
pub(crate) fn page_of_v2<T>(
    services: &Services,
    run: &Reconciliation,
    answer: Result<Page<T>, StripeError>,
) -> Result<PageOfV2<T>, ReconciliationError> {
    match (answer, services.config.account_kind.api()) {
        (Ok(page), _) => Ok(PageOfV2::Read(page)),
        (Err(error), _) if run.cursor.is_some() && error.is_definite() => Ok(PageOfV2::Gone),
        (Err(error), AccountsApi::V1) if error.is_definite() => {
            tracing::info!(%error, "Stripe has no list of accounts v2 for this platform");
            Ok(PageOfV2::NoSuchList)
        }
        (Err(error), _) => Err(error.into()),
    }
}

fn is_gone(error: &StripeError) -> bool {
    let by_name = |refusal: &Refusal| refusal.param.as_deref() == Some("starting_after");
    matches!(error, StripeError::Refused(refusal) if by_name(refusal)) || error.is_not_connected()
}
