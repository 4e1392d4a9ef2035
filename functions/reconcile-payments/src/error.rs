//! Why a slice stops before its time.

use payments_bookkeeping::BookkeepingError;
use payments_http::{Problem, ProblemCode};
use payments_store::ItemKey;

/// A slice stopped early. The next slice continues at the saved progress.
#[derive(Debug, thiserror::Error)]
pub enum ReconciliationError {
    #[error(transparent)]
    Bookkeeping(BookkeepingError),
    /// Another slice saved its progress first, and continues.
    #[error("another reconciliation is being worked off")]
    UnderWay,
    /// Another request saved the progress of the rebuild first, and continues.
    #[error("the totals are being counted anew by another request")]
    RebuildUnderWay,
}

impl ReconciliationError {
    /// The key of the item that this release cannot read, or cannot write without loss.
    #[must_use]
    pub fn unreadable_item(&self) -> Option<&ItemKey> {
        match self {
            Self::Bookkeeping(error) => error.unreadable_item(),
            Self::UnderWay | Self::RebuildUnderWay => None,
        }
    }
}

impl<E: Into<BookkeepingError>> From<E> for ReconciliationError {
    fn from(error: E) -> Self {
        Self::Bookkeeping(error.into())
    }
}

impl From<ReconciliationError> for Problem {
    fn from(error: ReconciliationError) -> Self {
        match error {
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
    Problem::new(ProblemCode::RequestInProgress, detail).retry_after_s(5)
}
