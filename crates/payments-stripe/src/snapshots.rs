//! From what Stripe shows to what the domain observes.

mod charge;
mod dispute;
mod intent;
mod refund;
mod transfer;

use payments::Currency;

/// An object is in a state that its documented lifecycle does not have. It is parked, not guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {object}'s status is not one that is known")]
pub struct UnknownStatus {
    /// What kind of object: `intent`, `charge` or `refund`.
    pub object: &'static str,
}

/// An object was seen of which nothing can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It is parked.
    #[error(transparent)]
    Status(#[from] UnknownStatus),
    /// The platform's balance is in a currency that is not supported. It is parked.
    #[error("the {object}'s balance transaction is in a currency that is not supported")]
    BalanceCurrency {
        /// What kind of object: `charge` or `dispute`.
        object: &'static str,
    },
}

fn balance_currency(code: &str, object: &'static str) -> Result<Currency, SnapshotError> {
    Currency::parse(code).map_err(|_| SnapshotError::BalanceCurrency { object })
}
