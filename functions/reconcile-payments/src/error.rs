//! What keeps a slice from being worked off.

use payments_bookkeeping::BookkeepingError;
use payments_http::{Problem, StatusCode};
use payments_services::SessionError;
use payments_store::StoreError;
use payments_stripe::StripeError;

/// A slice was not worked off. The next one goes on where this one came to.
#[derive(Debug, thiserror::Error)]
pub enum ReconciliationError {
    /// The table did not do as asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stripe did not do as asked.
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// Stripe could not be asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A payment or an account could not be brought up to date.
    #[error(transparent)]
    Bookkeeping(#[from] BookkeepingError),
    /// Another slice wrote the progress first, and goes on.
    #[error("another reconciliation is being worked off")]
    UnderWay,
    /// Another request wrote the progress of the rebuild first, and goes on.
    #[error("the totals are being counted anew by another request")]
    RebuildUnderWay,
}

impl From<ReconciliationError> for Problem {
    fn from(error: ReconciliationError) -> Self {
        match error {
            ReconciliationError::Store(error) => error.into(),
            ReconciliationError::Stripe(error) => error.into(),
            ReconciliationError::Session(error) => error.into(),
            ReconciliationError::Bookkeeping(error) => error.into(),
            ReconciliationError::UnderWay => in_progress(
                "Another reconciliation is being worked off. Look at GET /v1/admin/drift, or repeat the request.",
            ),
            ReconciliationError::RebuildUnderWay => in_progress(
                "The totals are being counted anew by another request. Repeat it to see how far that is.",
            ),
        }
    }
}

fn in_progress(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "request_in_progress", "Still in progress", detail).retry_after_s(5)
}
