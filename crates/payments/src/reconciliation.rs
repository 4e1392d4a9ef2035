//! Reconciliation: which window of time is swept, how far it has come, and what still differs from Stripe. It is kept
//! between the slices that it is worked off in, so that it can stop anywhere and go on.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `drift.rs` names what differs, `progress.rs`
//! the stages, `cancel_open.rs` the cancellation that an operator asks for.

mod cancel_open;
mod drift;
mod progress;

pub use cancel_open::CancelOpen;
pub use drift::{BalanceTransactionKind, Difference, DifferenceKind};
pub use progress::{Counts, NextPage, Stage};

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the window reaches back behind the end of the last one: what was made then may not have been visible yet.
const OVERLAP_S: i64 = 3_600;
/// How far the first window reaches back: Stripe keeps events for 30 days.
const FIRST_WINDOW_S: i64 = 30 * 86_400;
/// How many differences are listed; all are counted.
pub const DIFFERENCES_LISTED: usize = 200;

/// A reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// 1 for the first.
    pub number: u64,
    /// Objects created from here on are swept.
    pub from: Timestamp,
    /// … to here.
    pub to: Timestamp,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    /// What is being worked off.
    pub stage: Stage,
    /// Whether connected accounts are swept, all of them: Stripe lists them by when they were opened, not changed.
    #[serde(default)]
    pub sweeps_accounts: bool,
    /// The last object of the stage that is done with, in Stripe's or the index's own order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// How much was looked at.
    pub counts: Counts,
    /// The first differences.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub differences_found: u64,
}

impl Reconciliation {
    /// The next one: from where the last one ended, with an overlap, to now. The first that begins on a day, in UTC,
    /// sweeps the accounts.
    #[must_use]
    pub fn after(last: Option<&Self>, now: Timestamp) -> Self {
        Self {
            number: last.map_or(0, |last| last.number).saturating_add(1),
            from: last.map_or(now.plus_seconds(-FIRST_WINDOW_S), |last| last.to.plus_seconds(-OVERLAP_S)),
            to: now,
            started_at: now,
            finished_at: None,
            stage: Stage::Events,
            sweeps_accounts: last.is_none_or(|last| last.started_at.date() != now.date()),
            cursor: None,
            counts: Counts::default(),
            differences: Vec::new(),
            differences_found: 0,
        }
    }

    /// Sweeps the accounts, too, unless that stage is over: somebody asks for it.
    pub fn include_accounts(&mut self) {
        match self.stage {
            Stage::Events | Stage::Intents | Stage::Transactions | Stage::Accounts => {
                self.sweeps_accounts = true;
            }
            Stage::Rollout | Stage::Due | Stage::Finished => {}
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }

    /// Whether nothing was looked at and nothing found since it was as it is in `before`.
    #[must_use]
    pub fn found_as_much_as(&self, before: &Self) -> bool {
        self.counts == before.counts && self.differences_found == before.differences_found
    }

    /// Goes on where the next page begins.
    pub fn advance(&mut self, next: NextPage, now: Timestamp) {
        self.cursor = match next {
            NextPage::After(cursor) => Some(cursor),
            NextPage::First => None,
            NextPage::None => {
                self.stage = match self.stage.next() {
                    Stage::Accounts if !self.sweeps_accounts => Stage::Rollout,
                    next => next,
                };
                self.finished_at = self.is_finished().then_some(now);
                None
            }
        };
    }

    /// Notes a difference; the first ones are listed.
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
    fn accounts_are_swept_by_the_first_reconciliation_of_a_day_before_what_is_due() {
        let at = |text| Timestamp::parse(text).expect("a time");
        let first = Reconciliation::after(None, at("2026-11-24T23:50:00Z"));
        let money = [Stage::Events, Stage::Intents, Stage::Transactions];
        let without = [&money[..], &[Stage::Rollout, Stage::Due]].concat();
        let with = [&money[..], &[Stage::Accounts, Stage::Rollout, Stage::Due]].concat();
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
    fn whoever_asks_for_accounts_gets_them_until_their_stage_is_over() {
        let now = Timestamp::from_seconds(9);
        let mut run = Reconciliation::after(Some(&Reconciliation::after(None, now)), now);
        let mut due = Reconciliation { stage: Stage::Due, ..run.clone() };
        run.advance(NextPage::None, now);
        run.include_accounts();
        let left = [Stage::Intents, Stage::Transactions, Stage::Accounts, Stage::Rollout, Stage::Due];
        assert_eq!(stages(run), left);
        due.include_accounts();
        assert!(!due.sweeps_accounts);
    }

    #[test]
    fn a_reconciliation_that_an_older_release_began_goes_on_without_accounts() {
        let now = Timestamp::from_seconds(9);
        let mut json = serde_json::to_value(Reconciliation::after(None, now)).expect("JSON");
        json.as_object_mut().expect("an object").remove("sweeps_accounts");
        json["counts"].as_object_mut().expect("an object").remove("accounts");
        let run: Reconciliation = serde_json::from_value(json).expect("read");
        assert!(!run.sweeps_accounts && run.counts == Counts::default());
    }

    #[test]
    fn going_on_alone_finds_nothing_and_every_count_and_difference_is_something() {
        let now = Timestamp::from_seconds(1);
        let before = Reconciliation::after(None, now);
        let mut run = before.clone();
        run.advance(NextPage::After("cursor".to_owned()), now);
        run.advance(NextPage::None, now);
        assert!(run.found_as_much_as(&before));
        let counted = Reconciliation { counts: Counts { due: 1, ..Counts::default() }, ..run.clone() };
        assert!(!counted.found_as_much_as(&before));
        let kind = DifferenceKind::Ledger;
        run.note(Difference { kind, payment_id: None, object: None, detail: None, amount: None });
        assert!(!run.found_as_much_as(&before));
    }
}
