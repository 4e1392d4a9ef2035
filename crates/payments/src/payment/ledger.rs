//! The double-entry ledger, derived from a payment's state.
//!
//! [`entries`] is pure and monotone: a state that knows more has the same entries and perhaps more of
//! them. So the entries to write are those of the new state that the old one did not have, whatever path
//! led there.

use crate::ids::CreatorId;
use crate::money::Currency;
use crate::payment::{Payment, dispute::DisputeFunds, fact::StripeFee, refund::RefundSplit};
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
    /// What is still to be taken back from a creator's account; zero in the normal state.
    Owed(CreatorId),
    /// What the platform gains and loses: the fees' variance, refunded fees, its part of disputes.
    Platform,
    /// What Stripe took.
    StripeFees,
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
            Self::Owed(creator) => write!(f, "owed:{creator}"),
            Self::Platform => f.write_str("platform"),
            Self::StripeFees => f.write_str("stripe_fees"),
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
        let of = |account: fn(CreatorId) -> Self, id| {
            CreatorId::parse(id).map(account).map_err(|_| UnknownLedgerAccount)
        };
        match (text.as_str(), text.split_once(':')) {
            ("card", _) => Ok(Self::Card),
            ("fee_reserve", _) => Ok(Self::FeeReserve),
            ("platform", _) => Ok(Self::Platform),
            ("stripe_fees", _) => Ok(Self::StripeFees),
            (_, Some(("creator", id))) => of(Self::Creator, id),
            (_, Some(("owed", id))) => of(Self::Owed, id),
            _ => Err(UnknownLedgerAccount),
        }
    }
}

/// All entries that a payment's state implies.
#[must_use]
pub fn entries(payment: &Payment) -> Vec<Entry> {
    let state = &payment.state;
    let mut entries = Vec::new();
    if state.succeeded {
        entries.push(settled(payment));
    }
    for (id, fee) in &state.fees {
        entries.push(Booking::new(payment, format!("fee/{id}")).fee(*fee));
    }
    for (id, refund) in &state.refunds.at_stripe {
        entries.push(Booking::new(payment, format!("refund/{id}")).refund(&refund.split, 1));
        if refund.status.has_failed() {
            entries.push(Booking::new(payment, format!("refund/{id}/failed")).refund(&refund.split, -1));
        }
    }
    for (id, reversal) in &state.transfers.reversals {
        entries.push(Booking::new(payment, format!("reversal/{id}")).returned(reversal.amount));
    }
    for (id, amount) in &state.transfers.retransfers {
        entries.push(Booking::new(payment, format!("transfer/{id}")).returned(-amount));
    }
    for (id, money) in &state.disputes.funds {
        entries.push(Booking::new(payment, format!("dispute/{id}")).dispute(money));
    }
    for (dispute, further) in &state.disputes.share_adjustments {
        for (number, amount) in further {
            entries
                .push(Booking::new(payment, format!("dispute/{dispute}/further/{number}")).further(*amount));
        }
    }
    entries
}

/// Whether two lists hold the same entries, in any order.
#[must_use]
pub fn same_entries(some: &[Entry], others: &[Entry]) -> bool {
    some.len() == others.len() && some.iter().all(|entry| others.contains(entry))
}

/// The card pays the total; the creator gets the chosen amount; the fee waits for Stripe's actual one.
fn settled(payment: &Payment) -> Entry {
    let terms = &payment.terms;
    Booking::new(payment, "settled".to_owned())
        .post(LedgerAccount::Card, -terms.parameters.total.amount())
        .post(LedgerAccount::Creator(terms.creator.clone()), terms.chosen.amount())
        .post(LedgerAccount::FeeReserve, terms.fee())
        .done()
}

/// An entry being written. Postings of nothing are left out.
struct Booking<'p> {
    payment: &'p Payment,
    entry: Entry,
}

impl<'p> Booking<'p> {
    fn new(payment: &'p Payment, id: String) -> Self {
        Self { payment, entry: Entry { id, postings: Vec::new() } }
    }

    /// In the payment's currency.
    fn post(self, account: LedgerAccount, amount: i64) -> Self {
        let currency = self.payment.terms.chosen.currency();
        self.post_in(currency, account, amount)
    }

    fn post_in(mut self, currency: Currency, account: LedgerAccount, amount: i64) -> Self {
        let same = |there: &&mut Posting| there.account == account && there.currency == currency;
        match self.entry.postings.iter_mut().find(same) {
            Some(there) => there.amount += amount,
            None => self.entry.postings.push(Posting { account, amount, currency }),
        }
        self
    }

    fn done(mut self) -> Entry {
        self.entry.postings.retain(|posting| posting.amount != 0);
        self.entry
    }

    fn to_recover(&self) -> LedgerAccount {
        LedgerAccount::Owed(self.payment.terms.creator.clone())
    }

    /// The reserve pays Stripe; the platform bears the difference, in either direction.
    fn fee(self, fee: StripeFee) -> Entry {
        let estimated = self.payment.terms.fee();
        self.post(LedgerAccount::FeeReserve, -estimated)
            .post_in(fee.currency, LedgerAccount::StripeFees, fee.amount)
            .post(LedgerAccount::Platform, estimated)
            .post_in(fee.currency, LedgerAccount::Platform, -fee.amount)
            .done()
    }

    /// The card gets it back, from the creator and the platform; with `sign` −1 the reverse.
    fn refund(self, split: &RefundSplit, sign: i64) -> Entry {
        let owed = self.to_recover();
        self.post(LedgerAccount::Card, sign * (split.creator + split.platform))
            .post(owed, -sign * split.creator)
            .post(LedgerAccount::Platform, -sign * split.platform)
            .done()
    }

    /// The creator's account gives back what was owed; negative, it gets it again.
    fn returned(self, amount: i64) -> Entry {
        let (owed, creator) = (self.to_recover(), LedgerAccount::Creator(self.payment.terms.creator.clone()));
        self.post(owed, amount).post(creator, -amount).done()
    }

    /// The creator bears more of what was withdrawn, and the platform less.
    fn further(self, amount: i64) -> Entry {
        let owed = self.to_recover();
        self.post(owed, -amount).post(LedgerAccount::Platform, amount).done()
    }

    /// The sender's bank takes the charge back, and Stripe its fee for that; negative amounts are the reverse.
    fn dispute(self, money: &DisputeFunds) -> Entry {
        let owed = self.to_recover();
        self.post(LedgerAccount::Card, money.charged)
            .post(owed, -money.creator)
            .post(LedgerAccount::Platform, money.creator - money.charged)
            .post_in(money.fee_currency, LedgerAccount::Platform, -money.fee)
            .post_in(money.fee_currency, LedgerAccount::StripeFees, money.fee)
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IntentId;
    use crate::payment::{
        fact::{ClosedReason, Fact, Phase},
        stamp::Stamp,
        tests::payment,
    };
    use proptest::prelude::*;

    #[test]
    fn nothing_is_booked_before_the_intent_is_paid() {
        let open = payment();
        assert_eq!(entries(&open), []);
        let canceled = open.join(&[Fact::Canceled]).map(|change| change.after).expect("news");
        assert_eq!(entries(&canceled), []);
    }

    #[test]
    fn settlement_sums_to_zero_and_gives_the_creator_exactly_the_chosen_amount() {
        let change = payment().join(&[Fact::Succeeded]).expect("news");
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
            let after = payment().join(&order).expect("news").after;
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
                Fact::Closed(ClosedReason::Abandoned),
            ];
            let mut payment = payment();
            for pick in picks {
                let before = entries(&payment);
                if let Some(change) = payment.join(&facts[pick..=pick]) {
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
}
