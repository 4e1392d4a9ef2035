//! How much a reconciliation read.

use serde::{Deserialize, Serialize};

/// How much a reconciliation read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Undelivered events that were applied or parked, and thin events about accounts that were looked at again.
    pub events: u64,
    pub intents: u64,
    /// Balance transactions of payments.
    pub transactions: u64,
    pub fraud_warnings: u64,
    pub accounts: u64,
    /// Payments refreshed because they were due.
    pub due: u64,
    /// How many of these changed something here. It is at least one for each payment, since Stripe's fees are read only
    /// here.
    #[serde(rename = "news")]
    pub changed: u64,
    /// How many of these a webhook should have brought: all that changed, but for fees and for what
    /// was due and no success.
    pub mended: u64,
}

impl Counts {
    /// Counts what a webhook should have brought, if it changed something.
    pub fn add_mended(&mut self, changed: bool) {
        self.changed += u64::from(changed);
        self.mended += u64::from(changed);
    }

    pub(super) fn add(&mut self, more: &Self) {
        let Self { events, intents, transactions, fraud_warnings, accounts, due, changed, mended } = *more;
        self.events += events;
        self.intents += intents;
        self.transactions += transactions;
        self.fraud_warnings += fraud_warnings;
        self.accounts += accounts;
        self.due += due;
        self.changed += changed;
        self.mended += mended;
    }
}
