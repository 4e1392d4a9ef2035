//! The default response to an error of a lower crate, for handlers that do not choose one.
//!
//! 503 means that the same request can succeed later, 500 that it cannot.

use crate::Problem;
use payments_bookkeeping::BookkeepingError;
use payments_services::{Metric, count};
use payments_store::StoreError;

impl<E: Into<BookkeepingError>> From<E> for Problem {
    fn from(error: E) -> Self {
        let error = error.into();
        if error.unreadable_item().is_some() {
            count(Metric::UnreadableItem);
        }
        if error.is_setup_fault() {
            return Self::operators_alerted(error);
        }
        match error {
            BookkeepingError::Store(StoreError::InvalidCursor) => {
                Self::invalid_request("cursor: not a cursor of this list.").field("cursor")
            }
            error @ (BookkeepingError::Store(_)
            | BookkeepingError::Stripe(_)
            | BookkeepingError::Session(_)) => Self::unavailable(error),
            error @ (BookkeepingError::Mismatch { .. } | BookkeepingError::SnapshotError(_)) => {
                Self::internal(error)
            }
        }
    }
}
