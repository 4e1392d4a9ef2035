//! The stages of a reconciliation, in their order.

use serde::{Deserialize, Serialize};

/// What a reconciliation reads, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Events that Stripe could not deliver.
    Events,
    /// Thin events about connected accounts of v2, created in the window.
    AccountEvents,
    /// PaymentIntents created in the window.
    Intents,
    /// Balance transactions created in the window.
    Transactions,
    /// The platform's balance, beside what is booked.
    Balance,
    /// Early fraud warnings that Stripe received in the window.
    FraudWarnings,
    /// Connected accounts of v1, in a reconciliation that includes accounts.
    Accounts,
    /// Connected accounts of v2, in the same reconciliations.
    AccountsV2,
    /// The copies of the rollout.
    Rollout,
    /// Payments with an open item that is due.
    Due,
    Finished,
}

impl Stage {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Events => Self::AccountEvents,
            Self::AccountEvents => Self::Intents,
            Self::Intents => Self::Transactions,
            Self::Transactions => Self::Balance,
            Self::Balance => Self::FraudWarnings,
            Self::FraudWarnings => Self::Accounts,
            Self::Accounts => Self::AccountsV2,
            Self::AccountsV2 => Self::Rollout,
            Self::Rollout => Self::Due,
            Self::Due | Self::Finished => Self::Finished,
        }
    }
}

/// Where a stage goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// Behind what this cursor names.
    After(String),
    /// From the start: what the last page ended with is not there any more.
    First,
    /// The stage has no more.
    None,
}

impl From<Option<String>> for NextPage {
    fn from(cursor: Option<String>) -> Self {
        cursor.map_or(Self::None, Self::After)
    }
}
