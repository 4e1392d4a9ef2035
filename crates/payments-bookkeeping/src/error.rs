//! What keeps work on a payment or an account from coming to its end.

use payments::{Mismatch, PaymentId};
use payments_services::SessionError;
use payments_store::StoreError;
use payments_stripe::{SnapshotError, StripeError, UnknownStatus};

/// Work on a payment or an account did not come to its end. Doing it again is safe.
#[derive(Debug, thiserror::Error)]
pub enum BookkeepingError {
    /// The table did not do as asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stripe did not do as asked.
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// Stripe could not be asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// An object of Stripe's differs from the payment that it must be of. Nothing was changed, and it stays so however
    /// often it is looked at.
    #[error("payment {payment}: {mismatch}")]
    Mismatch {
        /// Which payment.
        payment: PaymentId,
        /// What differs.
        mismatch: Mismatch,
    },
    /// An object of Stripe's is in a state that is not known.
    #[error(transparent)]
    SnapshotError(#[from] SnapshotError),
}

impl From<UnknownStatus> for BookkeepingError {
    fn from(error: UnknownStatus) -> Self {
        Self::SnapshotError(error.into())
    }
}
