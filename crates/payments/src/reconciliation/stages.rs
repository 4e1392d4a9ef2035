//! The stages of a reconciliation, in their order.

use serde::{Deserialize, Serialize};

/// What a reconciliation reads, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Events that Stripe could not deliver.
    Events,
    /// Thin events about connected accounts of v2, created in the window.
    AccountEvents,
    /// PaymentIntents of the passes.
    Intents,
    /// Balance transactions of the passes.
    Transactions,
    /// The platform's balance, beside what is booked.
    Balance,
    /// Early fraud warnings of the passes.
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
    /// Every stage with work, in the order of a run.
    pub const ALL: [Self; 10] = [
        Self::Events,
        Self::AccountEvents,
        Self::Intents,
        Self::Transactions,
        Self::Balance,
        Self::FraudWarnings,
        Self::Accounts,
        Self::AccountsV2,
        Self::Rollout,
        Self::Due,
    ];
}
