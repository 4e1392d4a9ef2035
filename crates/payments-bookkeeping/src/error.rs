//! The errors of this crate.

use payments::{Mismatch, PaymentId};
use payments_services::{SecretsError, SessionError};
use payments_store::{ItemKey, StoreError};
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

impl BookkeepingError {
    /// The key of the item that this release cannot read, or cannot write without loss.
    #[must_use]
    pub fn unreadable_item(&self) -> Option<&ItemKey> {
        match self {
            Self::Store(error) => error.unreadable_item(),
            Self::Stripe(_) | Self::Session(_) | Self::Mismatch { .. } | Self::SnapshotError(_) => None,
        }
    }

    /// Whether what is deployed or set up is at fault, which an operator mends, and not an outage, which passes.
    #[must_use]
    pub fn is_setup_fault(&self) -> bool {
        match self {
            Self::Store(StoreError::Refused { .. }) => true,
            Self::Store(error) => error.unreadable_item().is_some(),
            Self::Stripe(error) => error.set_up_fault().is_some(),
            Self::Session(error) => error.is_setup_fault(),
            Self::Mismatch { .. } | Self::SnapshotError(_) => false,
        }
    }
}

impl From<SecretsError> for BookkeepingError {
    fn from(error: SecretsError) -> Self {
        Self::Session(error.into())
    }
}
