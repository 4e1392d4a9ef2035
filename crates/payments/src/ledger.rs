//! The double-entry ledger, derived from a payment's state.
//!
//! [`entries`] is pure and monotone: a state that knows more has the same entries and perhaps more of
//! them. So the entries to write are those of the new state that the old one did not have, whatever path
//! led there.

use crate::{CreatorId, Currency, Payment};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An entry of the ledger. Its postings sum to zero per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Deterministic within the payment, such as `settled`.
    pub id: String,
    /// The movements.
    pub postings: Vec<Posting>,
}

/// One movement on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Which account.
    pub account: LedgerAccount,
    /// Minor units; positive is what the account gains.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

/// An account of the ledger, written as in `creator:<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LedgerAccount {
    /// Senders' cards; what was charged is negative.
    Card,
    /// What a creator received.
    Creator(CreatorId),
    /// Fees that senders paid, waiting for Stripe's actual fee.
    FeeReserve,
}

/// A text is not an account of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an account of the ledger")]
pub struct UnknownLedgerAccount;

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card => f.write_str("card"),
            Self::Creator(creator) => write!(f, "creator:{creator}"),
            Self::FeeReserve => f.write_str("fee_reserve"),
        }
    }
}

impl From<LedgerAccount> for String {
    fn from(account: LedgerAccount) -> String {
        account.to_string()
    }
}

impl TryFrom<String> for LedgerAccount {
    type Error = UnknownLedgerAccount;
    fn try_from(text: String) -> Result<Self, UnknownLedgerAccount> {
        match (text.as_str(), text.strip_prefix("creator:")) {
            ("card", _) => Ok(Self::Card),
            ("fee_reserve", _) => Ok(Self::FeeReserve),
            (_, Some(id)) => CreatorId::parse(id).map(Self::Creator).map_err(|_| UnknownLedgerAccount),
            (_, None) => Err(UnknownLedgerAccount),
        }
    }
}

/// All entries that a payment's state implies.
#[must_use]
pub fn entries(payment: &Payment) -> Vec<Entry> {
    payment.state.succeeded.then(|| settled(payment)).into_iter().collect()
}

/// The card pays the total; the creator gets the chosen amount; the fee waits for Stripe's actual one.
fn settled(payment: &Payment) -> Entry {
    let terms = &payment.terms;
    let currency = terms.chosen.currency();
    let post = |account, amount| Posting { account, amount, currency };
    Entry {
        id: "settled".to_owned(),
        postings: vec![
            post(LedgerAccount::Card, -terms.parameters.total.amount()),
            post(LedgerAccount::Creator(terms.creator.clone()), terms.chosen.amount()),
            post(LedgerAccount::FeeReserve, terms.fee()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Closure, Fact, IntentId, Phase, Stamp, payment::tests::payment};
    use proptest::prelude::*;

    #[test]
    fn nothing_is_booked_before_the_intent_is_paid() {
        let open = payment();
        assert_eq!(entries(&open), []);
        let canceled = open.learn(&[Fact::Canceled]).map(|change| change.after).expect("news");
        assert_eq!(entries(&canceled), []);
    }

    #[test]
    fn settlement_sums_to_zero_and_gives_the_creator_exactly_the_chosen_amount() {
        let change = payment().learn(&[Fact::Succeeded]).expect("news");
        let booked: Vec<(String, i64)> = change.new_entries[0]
            .postings
            .iter()
            .map(|posting| (posting.account.to_string(), posting.amount))
            .collect();
        assert_eq!(change.new_entries[0].id, "settled");
        assert_eq!(
            booked,
            [("card".into(), -1_061), ("creator:ana".into(), 1_000), ("fee_reserve".into(), 61)]
        );
        assert_eq!(booked.iter().map(|(_, amount)| amount).sum::<i64>(), 0);
    }

    #[test]
    fn a_payment_both_paid_and_canceled_is_booked_as_paid_in_either_order() {
        for order in [[Fact::Succeeded, Fact::Canceled], [Fact::Canceled, Fact::Succeeded]] {
            let after = payment().learn(&order).expect("news").after;
            assert_eq!(entries(&after).len(), 1);
        }
    }

    proptest! {
        /// What is booked stays booked: learning more never removes or alters an entry.
        #[test]
        fn entries_only_grow_as_more_is_learned(picks in prop::collection::vec(0_usize..5, 0..10)) {
            let facts = [
                Fact::Intent(IntentId::parse("pi_1").expect("id")),
                Fact::Phase(Stamp::of_creation(1), Phase::Processing),
                Fact::Succeeded,
                Fact::Canceled,
                Fact::Closed(Closure::Abandoned),
            ];
            let mut payment = payment();
            for pick in picks {
                let before = entries(&payment);
                if let Some(change) = payment.learn(&facts[pick..=pick]) {
                    payment = change.after;
                }
                let after = entries(&payment);
                prop_assert!(before.iter().all(|entry| after.contains(entry)));
                for entry in after {
                    prop_assert_eq!(entry.postings.iter().map(|posting| posting.amount).sum::<i64>(), 0);
                }
            }
        }
    }

    #[test]
    fn accounts_are_read_back_as_they_are_written() {
        let creator = LedgerAccount::Creator(CreatorId::parse("a:b").expect("id"));
        for account in [LedgerAccount::Card, LedgerAccount::FeeReserve, creator] {
            assert_eq!(LedgerAccount::try_from(account.to_string()), Ok(account));
        }
        for bad in ["", "creator:", "cards", "owed"] {
            assert!(LedgerAccount::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
