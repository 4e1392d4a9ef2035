//! When a reconciliation reads all connected accounts.

use crate::reconciliation::{Reconciliation, Stage};
use crate::timestamp::Timestamp;

impl Reconciliation {
    /// Whether a reconciliation is the first of a UTC day: it reads the accounts as well.
    pub(super) fn is_first_of_day(last: Option<&Self>, now: Timestamp) -> bool {
        last.is_none_or(|last| last.started_at.date() != now.date())
    }

    /// Includes the accounts because an operator asks for it, unless their stage is over.
    pub fn include_accounts(&mut self) {
        match self.stage {
            Stage::Events
            | Stage::AccountEvents
            | Stage::Intents
            | Stage::Transactions
            | Stage::Balance
            | Stage::FraudWarnings
            | Stage::Accounts
            | Stage::AccountsV2 => {
                self.includes_accounts = true;
            }
            Stage::Rollout | Stage::Due | Stage::Finished => {}
        }
    }

    pub(super) fn is_at_accounts(&self) -> bool {
        self.stage == Stage::Accounts || self.stage == Stage::AccountsV2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconciliation::NextPage;

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
        let money = [
            Stage::Events,
            Stage::AccountEvents,
            Stage::Intents,
            Stage::Transactions,
            Stage::Balance,
            Stage::FraudWarnings,
        ];
        let without = [&money[..], &[Stage::Rollout, Stage::Due]].concat();
        let accounts = [Stage::Accounts, Stage::AccountsV2];
        let with = [&money[..], &accounts, &[Stage::Rollout, Stage::Due]].concat();
        assert_eq!(stages(first.clone()), with);
        let second = Reconciliation::after(Some(&first), at("2026-11-24T23:59:59Z"));
        assert_eq!(stages(second.clone()), without);
        assert_eq!(stages(Reconciliation::after(Some(&second), at("2026-11-25T00:00:00Z"))), with);
    }

    #[test]
    fn accounts_can_be_included_until_their_stage_is_over() {
        let now = Timestamp::from_seconds(9);
        let mut run = Reconciliation::after(Some(&Reconciliation::after(None, now)), now);
        let mut due = Reconciliation { stage: Stage::Due, ..run.clone() };
        run.advance(NextPage::None, now);
        run.include_accounts();
        let left =
            [Stage::AccountEvents, Stage::Intents, Stage::Transactions, Stage::Balance, Stage::FraudWarnings];
        let accounts = [Stage::Accounts, Stage::AccountsV2];
        assert_eq!(stages(run), [&left[..], &accounts, &[Stage::Rollout, Stage::Due]].concat());
        due.include_accounts();
        assert!(!due.includes_accounts);
    }
}
