//! The default response to an error of a lower crate, for handlers that do not choose one.
//!
//! 503 means that the same request can succeed later, 500 that it cannot.

use crate::Problem;
use payments_bookkeeping::BookkeepingError;
use payments_services::{SecretsError, SessionError};
use payments_store::StoreError;
use payments_stripe::{StripeError, UnknownStatus};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InvalidCursor => {
                Self::invalid_request("cursor: not a cursor of this list.").field("cursor")
            }
            StoreError::Unavailable { .. }
            | StoreError::Refused { .. }
            | StoreError::Corrupt { .. }
            | StoreError::LaterRelease { .. } => Self::unavailable(error),
        }
    }
}

impl From<StripeError> for Problem {
    fn from(error: StripeError) -> Self {
        Self::unavailable(error)
    }
}

impl From<SecretsError> for Problem {
    fn from(error: SecretsError) -> Self {
        Self::unavailable(error)
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        Self::unavailable(error)
    }
}

impl From<UnknownStatus> for Problem {
    fn from(error: UnknownStatus) -> Self {
        Self::internal(error)
    }
}

impl From<BookkeepingError> for Problem {
    fn from(error: BookkeepingError) -> Self {
        match error {
            BookkeepingError::Store(error) => error.into(),
            BookkeepingError::Stripe(error) => error.into(),
            BookkeepingError::Session(error) => error.into(),
            BookkeepingError::Mismatch { .. } | BookkeepingError::SnapshotError(_) => Self::internal(error),
        }
    }
}
