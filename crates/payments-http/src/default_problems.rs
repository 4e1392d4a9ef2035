//! The default response to an error of a lower crate, for handlers that do not choose one.
//!
//! 503 means that the same request can succeed later, 500 that it cannot.

use crate::Problem;
use payments_bookkeeping::BookkeepingError;
use payments_services::{Metric, SecretsError, SessionError, count};
use payments_store::StoreError;

impl<E: Into<BookkeepingError>> From<E> for Problem {
    fn from(error: E) -> Self {
        match error.into() {
            BookkeepingError::Store(StoreError::InvalidCursor) => {
                Self::invalid_request("cursor: not a cursor of this list.").field("cursor")
            }
            error @ BookkeepingError::Store(_) if error.unreadable_item().is_some() => {
                count(Metric::UnreadableItem);
                Self::operators_alerted(error)
            }
            BookkeepingError::Stripe(error) if error.set_up_fault().is_some() => {
                Self::operators_alerted(error)
            }
            BookkeepingError::Session(error) if is_setup_fault(&error) => Self::operators_alerted(error),
            error @ BookkeepingError::Store(StoreError::Refused { .. }) => Self::operators_alerted(error),
            error @ (BookkeepingError::Store(_)
            | BookkeepingError::Stripe(_)
            | BookkeepingError::Session(_)) => Self::unavailable(error),
            error @ (BookkeepingError::Mismatch { .. } | BookkeepingError::SnapshotError(_)) => {
                Self::internal(error)
            }
        }
    }
}

/// Whether a key is missing or not to be used, rather than out of reach for a while.
fn is_setup_fault(error: &SessionError) -> bool {
    match error {
        SessionError::KeyOfOtherMode | SessionError::Key(_) => true,
        SessionError::Secrets(error) => match error {
            SecretsError::NotConfigured(_)
            | SecretsError::Empty(_)
            | SecretsError::Malformed(_)
            | SecretsError::Refused(..) => true,
            SecretsError::Unavailable(..) => false,
        },
    }
}
