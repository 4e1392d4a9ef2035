//! What a reconciliation works off, in which order, and how much of it was looked at.

use serde::{Deserialize, Serialize};

/// What is worked off, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Events that were not delivered.
    Events,
    /// PaymentIntents created in the window.
    Intents,
    /// Movements of the platform's balance created in the window.
    Transactions,
    /// Connected accounts, in a reconciliation that sweeps them.
    Accounts,
    /// The copies of the rollout.
    Rollout,
    /// Payments that something is unfinished about.
    Due,
    /// All is done.
    Finished,
}

impl Stage {
    /// The stage that follows.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Events => Self::Intents,
            Self::Intents => Self::Transactions,
            Self::Transactions => Self::Accounts,
            Self::Accounts => Self::Rollout,
            Self::Rollout => Self::Due,
            Self::Due | Self::Finished => Self::Finished,
        }
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Undelivered events that were applied or parked.
    pub events: u64,
    /// Intents of ours.
    pub intents: u64,
    /// Movements of the platform's balance that are ours.
    pub transactions: u64,
    /// Connected accounts of creators.
    pub accounts: u64,
    /// Unfinished payments looked after.
    pub due: u64,
    /// Of all these, how many told what we did not know. Stripe's fees are learned here in bulk, so that this is one
    /// for each payment at the least.
    pub news: u64,
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
