//! Reconciliation: the window of time to compare with Stripe, the progress, and the differences that remain. It is
//! stored after each slice of work, so that it can stop anywhere and resume.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `window.rs` is what a run reads, `stages.rs`
//! in which order, `remaining_differences.rs` what it reports, `cancel_open_intents.rs` what it cancels,
//! `transaction_class.rs` what a balance transaction is for, `statement.rs` the statement of the balance.

use crate::money::Currency;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod account_sweep;
mod balance_comparison;
mod booked_amounts;
mod booked_transaction;
mod cancel_open_intents;
mod converted_transaction;
mod counts;
mod difference;
mod listed_differences;
mod movements;
mod newest_transactions;
mod platform_entry;
mod remaining_differences;
mod short_balance;
mod stages;
mod statement;
mod transaction_amounts;
mod transaction_class;
mod window;
mod withdrawn_payment;

pub use balance_comparison::{BalanceComparison, ComparedBalance};
pub use booked_amounts::BookedAmounts;
pub use booked_transaction::BalanceTransactionKind;
pub use cancel_open_intents::{CancelOpen, OpenIntentReview};
pub use counts::Counts;
pub use difference::{Difference, DifferenceKind};
pub use listed_differences::DIFFERENCES_LISTED;
pub use movements::{Movement, Movements, StatementDay, StatementHour};
pub use newest_transactions::NewestTransactions;
pub use platform_entry::{PlatformAccount, PlatformEntry, PlatformPosting};
pub use short_balance::PlatformBalance;
pub use stages::{NextPage, Stage};
pub use statement::{CurrencyStatement, DayStatement, StatementBooks, StatementOpening, unbooked};
pub use transaction_amounts::TransactionAmounts;
pub use transaction_class::{TransactionClass, UnknownTransactionClass};

/// One reconciliation: its window, its progress and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Counts reconciliations, from 1.
    pub number: u64,
    /// The start of the window: Stripe's objects created from here on are read.
    pub from: Timestamp,
    /// The end of the window.
    pub to: Timestamp,
    /// Balance transactions are read from here on: the start of an hour, because hours are summed whole.
    pub transactions_from: Timestamp,
    pub started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    pub stage: Stage,
    /// Whether all connected accounts are read: Stripe lists them by when they were created, not changed.
    pub includes_accounts: bool,
    /// The last object of the stage that is finished, in Stripe's order or the index's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// The hour of balance transactions whose sum is not complete.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub summed: Option<StatementHour>,
    /// The newest transactions that are summed, if there are any in the window.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub newest: Option<NewestTransactions>,
    /// Our balance beside Stripe's, unless money moved during each try.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub balance: Option<BalanceComparison>,
    /// The available part of Stripe's balance, less what this run has sent since it was read.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub available: BTreeMap<Currency, i64>,
    /// What the payments that this run refreshed still await from it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub awaited: BTreeMap<Currency, i64>,
    pub counts: Counts,
    /// At most [`DIFFERENCES_LISTED`].
    pub differences: Vec<Difference>,
    /// All differences, listed or not.
    pub differences_found: u64,
    /// Whether an item was left out because it cannot be read. What Stripe tells about it is met only in its window, so the
    /// next window begins where this one did.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub left_out: bool,
}

impl Reconciliation {
    /// Whether every stage is finished.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }

    /// Whether nothing was read and no difference found since `before`.
    #[must_use]
    pub fn has_same_counts_as(&self, before: &Self) -> bool {
        self.counts == before.counts && self.differences_found == before.differences_found
    }

    /// Goes on where the next page begins.
    pub fn advance(&mut self, next: NextPage, now: Timestamp) {
        self.cursor = match next {
            NextPage::After(cursor) => Some(cursor),
            NextPage::First => {
                self.summed = None;
                self.newest = None;
                None
            }
            NextPage::None => {
                self.stage = self.stage.next();
                while self.is_at_accounts() && !self.includes_accounts {
                    self.stage = self.stage.next();
                }
                self.finished_at = self.is_finished().then_some(now);
                None
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_begins_again_sums_its_hour_again() {
        let now = Timestamp::from_seconds(9);
        let mut run = Reconciliation::after(None, now);
        run.summed = Some(StatementHour { begins_at: now, movements: Movements::default() });
        run.newest = Some(NewestTransactions::default());
        run.advance(NextPage::After("txn_1".to_owned()), now);
        assert!(run.summed.is_some() && run.newest.is_some());
        run.advance(NextPage::First, now);
        assert_eq!((run.summed, run.newest), (None, None));
    }

    #[test]
    fn advancing_changes_no_count_and_each_count_and_difference_does() {
        let now = Timestamp::from_seconds(1);
        let before = Reconciliation::after(None, now);
        let mut run = before.clone();
        run.advance(NextPage::After("cursor".to_owned()), now);
        run.advance(NextPage::None, now);
        assert!(run.has_same_counts_as(&before));
        let counted = Reconciliation { counts: Counts { due: 1, ..Counts::default() }, ..run.clone() };
        assert!(!counted.has_same_counts_as(&before));
        let kind = DifferenceKind::Ledger;
        run.note(Difference { kind, payment_id: None, object: None, detail: None, amount: None });
        assert!(!run.has_same_counts_as(&before));
    }
}
