//! Stripe's objects become snapshots for the domain.

mod account;
mod charge;
mod dispute;
mod intent;
mod refund;
mod transfer;

use payments::Currency;

/// An object has a status that Stripe does not document. It is parked rather than guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {object}'s status is not one that is known")]
pub struct UnknownStatus {
    /// `intent`, `charge` or `refund`.
    pub object: &'static str,
}

/// An object cannot be turned into a snapshot, and is parked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Status(#[from] UnknownStatus),
    /// The platform's balance has a currency that is not supported.
    #[error("the {object}'s balance transaction is in a currency that is not supported")]
    BalanceCurrency {
        /// `charge` or `dispute`.
        object: &'static str,
    },
}

fn balance_currency(code: &str, object: &'static str) -> Result<Currency, SnapshotError> {
    Currency::parse(code).map_err(|_| SnapshotError::BalanceCurrency { object })
}
