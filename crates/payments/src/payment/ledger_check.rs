//! Whether the stored ledger entries of a payment are compared with those that its state implies.

use crate::payment::{Fact, Payment, entries};

impl Payment {
    /// Whether all entries are compared. Entries are only added and never change, so each needs that once.
    #[must_use]
    pub fn is_ledger_checked(&self) -> bool {
        entries(self).len() <= self.state.checked_entries as usize
    }

    /// The facts, and that the ledger is checked with them: the stored entries were compared, and those that follow from
    /// these facts are written in one transaction with the state.
    #[must_use]
    pub fn with_ledger_checked(&self, mut facts: Vec<Fact>) -> Vec<Fact> {
        let after = self.join(&facts).map(|change| change.after);
        let count = entries(after.as_ref().unwrap_or(self)).len();
        facts.push(Fact::LedgerChecked(u32::try_from(count).unwrap_or(u32::MAX)));
        facts
    }
}
