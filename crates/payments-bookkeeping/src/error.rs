//! The errors of this crate.

use payments::{Mismatch, PaymentId};
use payments_services::{SecretsError, SessionError};
use payments_store::StoreError;
use payments_stripe::{SnapshotError, StripeError};

/// Work on a payment or an account failed before its end. Repeating it is safe.
#[derive(Debug, thiserror::Error)]
pub enum BookkeepingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// There is no session with Stripe, so nothing was sent.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A retrieved object differs from the payment that it must belong to. Nothing was changed, and repeating
    /// does not help.
    #[error("payment {payment}: {mismatch}")]
    Mismatch { payment: PaymentId, mismatch: Mismatch },
    #[error(transparent)]
    SnapshotError(#[from] SnapshotError),
}

impl From<SecretsError> for BookkeepingError {
    fn from(error: SecretsError) -> Self {
        Self::Session(error.into())
    }
}
