//! Reconciliation: the window of time to compare with Stripe, the progress, and the differences that remain. It is
//! stored after each slice of work, so that it can stop anywhere and resume.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `window.rs` is what a run reads, `stages.rs`
//! in which order, `remaining_differences.rs` what it reports, `cancel_open_intents.rs` what it cancels.

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

mod account_sweep;
mod booked_transaction;
mod cancel_open_intents;
mod converted_transaction;
mod counts;
mod difference;
mod listed_differences;
mod remaining_differences;
mod stages;
mod window;
mod withdrawn_payment;

pub use booked_transaction::BalanceTransactionKind;
pub use cancel_open_intents::{CancelOpen, OpenIntentReview};
pub use counts::Counts;
pub use difference::{Difference, DifferenceKind};
pub use listed_differences::DIFFERENCES_LISTED;
pub use stages::{NextPage, Stage};

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
