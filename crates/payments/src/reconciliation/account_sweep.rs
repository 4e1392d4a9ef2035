//! When a reconciliation reads all connected accounts.

use crate::reconciliation::{Reconciliation, Stage};
use crate::timestamp::Timestamp;

impl Reconciliation {
    /// Whether a reconciliation is the first of a UTC day: it reads the accounts as well.
    pub(super) fn is_first_of_day(last: Option<&Self>, now: Timestamp) -> bool {
        last.is_none_or(|last| last.started_at.date() != now.date())
    }

    /// Includes the accounts because an operator asks for it.
    pub(super) fn include_accounts(&mut self) {
        self.includes_accounts = true;
    }

    pub(super) fn includes(&self, stage: Stage) -> bool {
        match stage {
            Stage::Accounts | Stage::AccountsV2 => self.includes_accounts,
            Stage::Events
            | Stage::AccountEvents
            | Stage::Intents
            | Stage::Transactions
            | Stage::Balance
            | Stage::FraudWarnings
            | Stage::Rollout
            | Stage::Due
            | Stage::Finished => true,
        }
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
            stages.push(run.stage());
            run.advance(run.stage(), NextPage::None, run.started_at);
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
        assert_eq!(stages(first.clone()), Stage::ALL);
        let second = Reconciliation::after(Some(&first), at("2026-11-24T23:59:59Z"));
        assert_eq!(stages(second.clone()), without);
        assert_eq!(stages(Reconciliation::after(Some(&second), at("2026-11-25T00:00:00Z"))), Stage::ALL);
    }
}
