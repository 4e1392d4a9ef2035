//! Stripe's objects become snapshots for the domain.

mod account;
mod balance;
mod charge;
mod dispute;
mod fraud_warning;
mod intent;
mod refund;
mod transfer;

pub use balance::BalanceSnapshot;

use payments::Currency;

/// An object cannot be turned into a snapshot, and is parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Stripe does not document the status, so nothing is guessed from it.
    #[error("the {object}'s status is not one that is known")]
    UnknownStatus {
        /// `intent`, `charge` or `refund`.
        object: &'static str,
    },
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
