//! Reconciliation: the window of time to compare with Stripe, the progress, and the differences that remain. It is
//! stored after each slice of work, so that it can stop anywhere and resume.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `drift.rs` names the differences,
//! `progress.rs` the stages, `transaction_class.rs` what a balance transaction is for, `statement.rs` the statement of the
//! balance, `intent_cancellation.rs` the cancellation of open intents.

mod balance_comparison;
mod booked_amounts;
mod drift;
mod intent_cancellation;
mod movements;
mod newest_transactions;
mod platform_entry;
mod progress;
mod statement;
mod transaction_class;

pub use balance_comparison::{BalanceComparison, ComparedBalance};
pub use booked_amounts::{BookedAmounts, TransactionAmounts};
pub use drift::{BalanceTransactionKind, Difference, DifferenceKind};
pub use intent_cancellation::{CancelOpen, OpenIntentReview};
pub use movements::{Movement, Movements, StatementDay, StatementHour};
pub use newest_transactions::NewestTransactions;
pub use platform_entry::{PlatformAccount, PlatformEntry, PlatformPosting};
pub use progress::{Counts, NextPage, Stage};
pub use statement::{CurrencyStatement, DayStatement, StatementBooks, StatementOpening, unbooked};
pub use transaction_class::{TransactionClass, UnknownTransactionClass};

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a window overlaps the one before: an object created at its end may not have been visible yet.
const OVERLAP_S: i64 = 3_600;
const HOUR_S: i64 = 3_600;
/// How far the first window reaches back: Stripe keeps events for 30 days
/// (<https://docs.stripe.com/api/events>).
const FIRST_WINDOW_S: i64 = 30 * 86_400;
/// How many differences are listed. All are counted.
pub const DIFFERENCES_LISTED: usize = 200;

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
    pub counts: Counts,
    /// At most [`DIFFERENCES_LISTED`].
    pub differences: Vec<Difference>,
    /// All differences, listed or not.
    pub differences_found: u64,
}

impl Reconciliation {
    /// The next reconciliation: from the end of the last one, with an overlap, to now. The first of each UTC day reads
    /// the accounts as well.
    #[must_use]
    pub fn after(last: Option<&Self>, now: Timestamp) -> Self {
        let from = last.map_or(now.plus_seconds(-FIRST_WINDOW_S), |last| last.to.plus_seconds(-OVERLAP_S));
        let of_hour = from.next_hour().plus_seconds(-HOUR_S);
        Self {
            number: last.map_or(0, |last| last.number).saturating_add(1),
            from,
            to: now,
            // The statement begins with a whole day.
            transactions_from: last.map_or(from.start_of_day(), |_| of_hour),
            started_at: now,
            finished_at: None,
            stage: Stage::Events,
            includes_accounts: last.is_none_or(|last| last.started_at.date() != now.date()),
            cursor: None,
            summed: None,
            newest: None,
            balance: None,
            counts: Counts::default(),
            differences: Vec::new(),
            differences_found: 0,
        }
    }

    /// Includes the accounts because an operator asks for it, unless their stage is over.
    pub fn include_accounts(&mut self) {
        match self.stage {
            Stage::Events
            | Stage::AccountEvents
            | Stage::Intents
            | Stage::Transactions
            | Stage::Balance
            | Stage::Accounts
            | Stage::AccountsV2 => {
                self.includes_accounts = true;
            }
            Stage::Rollout | Stage::Due | Stage::Finished => {}
        }
    }

    /// Reads the balance transactions from the hour of `at` on, if that is earlier: of a day that is complete only now, or
    /// of an hour that was not booked as Stripe shows it. At most 30 days before the end of the window.
    pub fn reach_back_to(&mut self, at: Timestamp) {
        let first = self.to.plus_seconds(-FIRST_WINDOW_S).max(at);
        self.transactions_from = self.transactions_from.min(first.next_hour().plus_seconds(-HOUR_S));
    }

    /// Whether every stage is finished.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }

    fn is_at_accounts(&self) -> bool {
        self.stage == Stage::Accounts || self.stage == Stage::AccountsV2
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

    /// Counts a difference, and lists it while there is room.
    pub fn note(&mut self, difference: Difference) {
        self.differences_found = self.differences_found.saturating_add(1);
        if self.differences.len() < DIFFERENCES_LISTED {
            self.differences.push(difference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stages that a reconciliation goes through.
    fn stages(mut run: Reconciliation) -> Vec<Stage> {
        let mut stages = Vec::new();
        while !run.is_finished() {
            stages.push(run.stage);
            run.advance(NextPage::None, run.started_at);
        }
        stages
    }

    #[test]
    fn the_first_reconciliation_of_a_day_reads_the_accounts_before_due_payments() {
        let at = |text| Timestamp::parse(text).expect("a time");
        let first = Reconciliation::after(None, at("2026-11-24T23:50:00Z"));
        let money =
            [Stage::Events, Stage::AccountEvents, Stage::Intents, Stage::Transactions, Stage::Balance];
        let without = [&money[..], &[Stage::Rollout, Stage::Due]].concat();
        let accounts = [Stage::Accounts, Stage::AccountsV2];
        let with = [&money[..], &accounts, &[Stage::Rollout, Stage::Due]].concat();
        assert_eq!(stages(first.clone()), with);
        let second = Reconciliation::after(Some(&first), at("2026-11-24T23:59:59Z"));
        assert_eq!(stages(second.clone()), without);
        assert_eq!(stages(Reconciliation::after(Some(&second), at("2026-11-25T00:00:00Z"))), with);
    }

    #[test]
    fn the_first_window_reaches_back_as_far_as_stripe_keeps_events_and_later_ones_overlap_by_an_hour() {
        let now = Timestamp::from_seconds(100 * 86_400);
        let first = Reconciliation::after(None, now);
        assert_eq!((first.number, first.from, first.to), (1, Timestamp::from_seconds(70 * 86_400), now));
        let later = now.plus_seconds(900);
        let second = Reconciliation::after(Some(&first), later);
        let from = Timestamp::from_seconds(100 * 86_400 - 3_600);
        assert_eq!((second.number, second.from, second.to), (2, from, later));
    }

    #[test]
    fn balance_transactions_are_read_in_whole_hours_and_in_whole_days_at_first() {
        let at = |text| Timestamp::parse(text).expect("a time");
        let first = Reconciliation::after(None, at("2026-11-30T09:30:00Z"));
        assert_eq!(first.transactions_from, at("2026-10-31T00:00:00Z"));
        let mut second = Reconciliation::after(Some(&first), at("2026-11-30T09:45:00Z"));
        assert_eq!(second.transactions_from, at("2026-11-30T08:00:00Z"));
        second.reach_back_to(at("2026-11-30T08:20:00Z"));
        assert_eq!(second.transactions_from, at("2026-11-30T08:00:00Z"));
        second.reach_back_to(at("2026-11-29T00:00:01Z"));
        assert_eq!(second.transactions_from, at("2026-11-29T00:00:00Z"));
        second.reach_back_to(at("2026-01-01T00:00:00Z"));
        assert_eq!(second.transactions_from, at("2026-10-31T09:00:00Z"));
    }

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
    fn every_difference_is_counted_and_the_first_are_listed() {
        let mut run = Reconciliation::after(None, Timestamp::from_seconds(9));
        for n in 0..=DIFFERENCES_LISTED {
            let object = Some(n.to_string());
            let kind = DifferenceKind::Unappliable;
            run.note(Difference { kind, payment_id: None, object, detail: None, amount: None });
        }
        assert_eq!((run.differences_found, run.differences.len()), (201, 200));
        assert_eq!(run.differences[199].object.as_deref(), Some("199"));
    }

    #[test]
    fn accounts_can_be_included_until_their_stage_is_over() {
        let now = Timestamp::from_seconds(9);
        let mut run = Reconciliation::after(Some(&Reconciliation::after(None, now)), now);
        let mut due = Reconciliation { stage: Stage::Due, ..run.clone() };
        run.advance(NextPage::None, now);
        run.include_accounts();
        let left = [Stage::AccountEvents, Stage::Intents, Stage::Transactions, Stage::Balance];
        let accounts = [Stage::Accounts, Stage::AccountsV2];
        assert_eq!(stages(run), [&left[..], &accounts, &[Stage::Rollout, Stage::Due]].concat());
        due.include_accounts();
        assert!(!due.includes_accounts);
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
