//! Reconciliation: the window of time to compare with Stripe, the progress, and the differences that remain. It is
//! stored after each slice of work, so that it can stop anywhere and resume.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `drift.rs` names the differences,
//! `progress.rs` the stages, `intent_cancellation.rs` the cancellation of open intents.

mod drift;
mod intent_cancellation;
mod progress;

pub use drift::{BalanceTransactionKind, Difference, DifferenceKind};
pub use intent_cancellation::{CancelOpen, OpenIntentReview};
pub use progress::{Counts, NextPage, Stage};

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a window overlaps the one before: an object created at its end may not have been visible yet.
const OVERLAP_S: i64 = 3_600;
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
    pub started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    pub stage: Stage,
    /// Whether all connected accounts are read: Stripe lists them by when they were created, not changed.
    pub includes_accounts: bool,
    /// The last object of the stage that is finished, in Stripe's order or the index's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
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
    /// The next reconciliation: from the end of the last one, with an overlap, to now; from its start if it left out an
    /// item. The first of each UTC day reads the accounts as well.
    #[must_use]
    pub fn after(last: Option<&Self>, now: Timestamp) -> Self {
        let from = match last {
            None => now.plus_seconds(-FIRST_WINDOW_S),
            Some(last) if last.left_out => last.from,
            Some(last) => last.to.plus_seconds(-OVERLAP_S),
        };
        Self {
            number: last.map_or(0, |last| last.number).saturating_add(1),
            from,
            to: now,
            started_at: now,
            finished_at: None,
            stage: Stage::Events,
            includes_accounts: last.is_none_or(|last| last.started_at.date() != now.date()),
            cursor: None,
            counts: Counts::default(),
            differences: Vec::new(),
            differences_found: 0,
            left_out: false,
        }
    }

    /// Includes the accounts because an operator asks for it, unless their stage is over.
    pub fn include_accounts(&mut self) {
        match self.stage {
            Stage::Events
            | Stage::AccountEvents
            | Stage::Intents
            | Stage::Transactions
            | Stage::Accounts
            | Stage::AccountsV2 => {
                self.includes_accounts = true;
            }
            Stage::Rollout | Stage::Due | Stage::Finished => {}
        }
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
            NextPage::First => None,
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

    /// Notes a difference that several stages can meet.
    pub fn note_once(&mut self, difference: Difference) {
        if !self.differences.contains(&difference) {
            self.note(difference);
        }
    }

    /// Counts a difference, and lists it while there is room.
    pub fn note(&mut self, difference: Difference) {
        self.differences_found = self.differences_found.saturating_add(1);
        self.left_out |= difference.kind == DifferenceKind::UnreadableItem;
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
        let money = [Stage::Events, Stage::AccountEvents, Stage::Intents, Stage::Transactions];
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
    fn a_window_is_read_again_until_nothing_in_it_is_left_out() {
        let at = Timestamp::from_seconds;
        let unreadable = |run: &mut Reconciliation| {
            let (kind, object) = (DifferenceKind::UnreadableItem, Some("SENDER#sam/HOLD".to_owned()));
            run.note(Difference { kind, payment_id: None, object, detail: None, amount: None });
        };
        let first = Reconciliation::after(None, at(100 * 86_400));
        let mut second = Reconciliation::after(Some(&first), at(101 * 86_400));
        unreadable(&mut second);
        let mut third = Reconciliation::after(Some(&second), at(102 * 86_400));
        assert_eq!((third.from, third.to), (second.from, at(102 * 86_400)));
        unreadable(&mut third);
        let fourth = Reconciliation::after(Some(&third), at(103 * 86_400));
        assert_eq!(fourth.from, second.from);
        assert_eq!(Reconciliation::after(Some(&fourth), at(104 * 86_400)).from, at(103 * 86_400 - 3_600));
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
        let left = [Stage::AccountEvents, Stage::Intents, Stage::Transactions];
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
