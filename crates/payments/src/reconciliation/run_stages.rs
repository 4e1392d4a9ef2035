//! Which stages of a run are open, and where each goes on.

use crate::reconciliation::{NextPage, OpenRange, PassSums, Reconciliation, Stage, StageProgress};
use crate::timestamp::Timestamp;

impl Reconciliation {
    /// The stages that are not done, in their order.
    #[must_use]
    pub fn open_stages(&self) -> Vec<Stage> {
        let is_open = |stage: &Stage| self.includes(*stage) && !self.is_done(*stage);
        Stage::ALL.into_iter().filter(is_open).collect()
    }

    /// Whether a stage has what it needs: the balance is compared with all transactions.
    #[must_use]
    pub fn may_work(&self, stage: Stage) -> bool {
        stage != Stage::Balance || self.is_done(Stage::Transactions)
    }

    /// The first stage that is not done.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.open_stages().first().copied().unwrap_or(Stage::Finished)
    }

    /// Whether every stage is done.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage() == Stage::Finished
    }

    pub(super) fn is_done(&self, stage: Stage) -> bool {
        self.stages.get(&stage).is_some_and(|progress| progress.is_done)
    }

    /// Where a stage continues that reads one page after another.
    #[must_use]
    pub fn cursor(&self, stage: Stage) -> Option<&str> {
        self.stages.get(&stage)?.cursor.as_deref()
    }

    /// Goes on where the stage's next page begins.
    pub fn advance(&mut self, stage: Stage, next: NextPage, now: Timestamp) {
        let (cursor, is_done) = match next {
            NextPage::After(cursor) => (Some(cursor), false),
            NextPage::First => (None, false),
            NextPage::None => (None, true),
        };
        self.set(stage, StageProgress { is_done, cursor, open: None }, now);
    }

    /// What a stage still lists.
    #[must_use]
    pub fn open_ranges(&self, stage: Stage) -> Vec<OpenRange> {
        let begun = self.stages.get(&stage).and_then(|progress| progress.open.clone());
        begun.unwrap_or_else(|| self.all_ranges(stage))
    }

    /// Goes on with what is left of a stage's ranges.
    pub fn list_on(&mut self, stage: Stage, open: Vec<OpenRange>, now: Timestamp) {
        let is_done = open.is_empty();
        self.set(stage, StageProgress { is_done, cursor: None, open: Some(open) }, now);
    }

    /// Lets a stage list its ranges from the start: what a page ended with is not there any more.
    pub fn list_again(&mut self, stage: Stage) {
        self.stages.remove(&stage);
        if stage == Stage::Transactions {
            self.sums = PassSums::default();
            self.newest = None;
        }
    }

    /// Lets the `due` stage begin again: each slice refreshes what is due by then, however many slices the others take.
    pub fn begin_slice(&mut self) {
        if !self.is_finished() {
            self.stages.remove(&Stage::Due);
        }
    }

    /// Reads everything up to now and compares every ledger, because an operator asks for it: unless what this adds is over.
    pub fn read_in_full(&mut self) {
        self.include_accounts();
        let has_begun = |stage| self.stages.contains_key(&stage);
        if !has_begun(Stage::Intents) && !has_begun(Stage::Transactions) {
            self.in_full = true;
        }
    }

    fn all_ranges(&self, stage: Stage) -> Vec<OpenRange> {
        let ranges = match stage {
            Stage::Events => vec![self.event_range()],
            Stage::Intents => self.object_ranges(),
            Stage::FraudWarnings => self.warning_ranges(),
            Stage::Transactions => self.transaction_ranges(),
            Stage::AccountEvents
            | Stage::Balance
            | Stage::Accounts
            | Stage::AccountsV2
            | Stage::Rollout
            | Stage::Due
            | Stage::Finished => Vec::new(),
        };
        ranges.into_iter().map(OpenRange::new).collect()
    }

    fn set(&mut self, stage: Stage, progress: StageProgress, now: Timestamp) {
        self.stages.insert(stage, progress);
        self.finished_at = self.is_finished().then_some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransactionId;
    use crate::reconciliation::{CreatedRange, Movements, NewestTransactions};

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_000_000)
    }

    #[test]
    fn a_stage_is_done_when_no_range_of_it_is_open_and_its_progress_survives_being_stored() {
        let mut run = Reconciliation::after(None, now());
        let open = run.open_ranges(Stage::Intents);
        assert_eq!(open.len(), 1);
        let created = CreatedRange { from_s: 5, until_s: 9 };
        let rest = vec![OpenRange { created, after: Some("pi_1".to_owned()) }];
        run.list_on(Stage::Intents, rest.clone(), now());
        let stored = serde_json::to_string(&run).expect("serializes");
        let mut run: Reconciliation = serde_json::from_str(&stored).expect("reads");
        assert_eq!(run.open_ranges(Stage::Intents), rest);
        assert!(run.open_stages().contains(&Stage::Intents));
        run.list_on(Stage::Intents, Vec::new(), now());
        assert!(!run.open_stages().contains(&Stage::Intents));
    }

    #[test]
    fn what_is_due_is_refreshed_in_each_slice_until_all_is_done() {
        let mut run = Reconciliation::after(None, now());
        run.advance(Stage::Due, NextPage::None, now());
        run.begin_slice();
        assert!(run.open_stages().contains(&Stage::Due));
        while !run.is_finished() {
            run.advance(run.stage(), NextPage::None, now());
        }
        assert_eq!(run.finished_at, Some(now()));
        run.begin_slice();
        assert!(run.is_finished());
    }

    #[test]
    fn an_operators_request_in_the_middle_of_a_run_adds_what_has_not_begun() {
        let mut run = Reconciliation::after(None, now());
        run.advance(Stage::Events, NextPage::None, now());
        run.read_in_full();
        assert!(run.in_full && run.includes_accounts);
        let mut late = Reconciliation::after(Some(&run), now());
        late.list_on(Stage::Intents, Vec::new(), now());
        late.read_in_full();
        assert!(!late.in_full && late.includes_accounts);
    }

    #[test]
    fn the_balance_waits_for_all_transactions_and_nothing_else_waits() {
        let mut run = Reconciliation::after(None, now());
        let waiting = |run: &Reconciliation| -> Vec<Stage> {
            Stage::ALL.into_iter().filter(|stage| !run.may_work(*stage)).collect()
        };
        assert_eq!(waiting(&run), [Stage::Balance]);
        run.list_on(Stage::Transactions, Vec::new(), now());
        assert_eq!(waiting(&run), []);
    }

    #[test]
    fn a_stage_goes_on_after_the_last_page_that_was_read() {
        let mut run = Reconciliation::after(None, now());
        assert_eq!(run.cursor(Stage::Accounts), None);
        run.advance(Stage::Accounts, NextPage::After("acct_9".to_owned()), now());
        assert_eq!((run.cursor(Stage::Accounts), run.cursor(Stage::AccountsV2)), (Some("acct_9"), None));
        run.advance(Stage::Accounts, NextPage::First, now());
        assert_eq!(run.cursor(Stage::Accounts), None);
    }

    #[test]
    fn a_list_that_is_read_again_begins_anew_and_that_of_transactions_with_its_sums() {
        let mut run = Reconciliation::after(None, now());
        let whole = [Stage::Intents, Stage::Transactions].map(|stage| run.open_ranges(stage));
        for stage in [Stage::Intents, Stage::Transactions] {
            run.list_on(stage, Vec::new(), now());
        }
        let id = TransactionId::parse("txn_1").expect("id");
        NewestTransactions::add(&mut run.newest, now(), &id);
        run.sums.first.insert(0, Movements::default());
        run.list_again(Stage::Intents);
        assert_eq!(run.open_ranges(Stage::Intents), whole[0]);
        assert!(run.newest.is_some() && run.sums != PassSums::default());
        run.list_again(Stage::Transactions);
        assert_eq!(run.open_ranges(Stage::Transactions), whole[1]);
        assert!(run.newest.is_none() && run.sums == PassSums::default());
    }
}
