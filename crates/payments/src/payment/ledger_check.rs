//! Whether the stored ledger entries of a payment are compared with those that its state implies.

use crate::payment::{Fact, Payment, entries};

impl Payment {
    /// Whether all entries are compared. Entries are only added and never change, so each needs that once.
    #[must_use]
    pub fn is_ledger_checked(&self) -> bool {
        entries(self).len() <= self.state.checked_entries as usize
    }

    /// Whether nothing is new since `before` but that the ledger is checked.
    #[must_use]
    pub fn differs_only_in_check(&self, before: &Self) -> bool {
        let mut state = before.state.clone();
        state.checked_entries = self.state.checked_entries;
        state == self.state
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransactionId;
    use crate::money::Currency;
    use crate::payment::StripeFee;
    use crate::payment::tests::payment;

    #[test]
    fn a_ledger_is_checked_until_it_has_another_entry() {
        let mut paid = payment();
        paid.state = paid.state.join(&Fact::Succeeded);
        assert!(!paid.is_ledger_checked());
        let facts = paid.with_ledger_checked(Vec::new());
        assert_eq!(facts, [Fact::LedgerChecked(1)]);
        let checked = paid.join(&facts).expect("a change").after;
        assert!(checked.is_ledger_checked() && checked.differs_only_in_check(&paid));
        let fee = StripeFee { amount: 61, currency: Currency::parse("usd").expect("a currency") };
        let fee = Fact::Fee(TransactionId::parse("txn_1").expect("id"), fee);
        let with_fee = checked.join(std::slice::from_ref(&fee)).expect("a change").after;
        assert!(!with_fee.is_ledger_checked());
        // What is written after a comparison is checked with it.
        let together = paid.with_ledger_checked(vec![fee]);
        let together = paid.join(&together).expect("a change").after;
        assert!(together.is_ledger_checked() && !together.differs_only_in_check(&paid));
    }
}
