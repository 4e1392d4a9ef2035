//! The double-entry ledger, derived from a payment's state.
//!
//! [`entries`] is monotone: more facts only add entries. So a write adds the entries of the new state that the old state
//! did not have, whatever facts came in between. Nothing is booked before the payment succeeds, and no reversal before
//! its transfer counts.
//!
//! | entry | when | postings |
//! | --- | --- | --- |
//! | `settled` | the payment succeeded | `card` − total, `creator:<id>` + chosen, `fee_reserve` + fee |
//! | `fee/<txn>` | Stripe's fee is known | `fee_reserve` − fee, `stripe_fees` + Stripe's fee, `platform` ± the difference |
//! | `fx/<txn>` | a balance transaction has another currency | `platform` − amount, `fx` + amount; in the balance's currency, `fx` − converted, `platform` + converted |
//! | `refund/<re>` | a refund is created | `card` + refund, `owed:<id>` − creator's part, `platform` − the rest |
//! | `refund/<re>/failed` | the refund failed or was canceled | `refund/<re>` with opposite signs |
//! | `refunds/further/<n>` | the creator's part of dashboard refunds is adjusted | `owed:<id>` − amount, `platform` + amount |
//! | `reversal/<trr>` | a transfer is reversed | `owed:<id>` + amount, `creator:<id>` − amount |
//! | `transfer/<tr>` | a retransfer is made | `owed:<id>` − amount, `creator:<id>` + amount |
//! | `dispute/<txn>` | a dispute withdraws or reinstates funds | `card` + amount, `owed:<id>` − creator's part, `platform` − the rest and the dispute fee, `stripe_fees` + dispute fee |
//! | `dispute/<dp>/further/<n>` | the creator's part of a dispute is adjusted | `owed:<id>` − amount, `platform` + amount |

use crate::money::Currency;
use crate::payment::{Conversion, DisputeFunds, LedgerAccount, Payment, RefundSplit, StripeFee};
use serde::{Deserialize, Serialize};

/// The id of the entry that a payment's settlement adds.
pub const SETTLED_ENTRY: &str = "settled";

/// An entry of the ledger. Its postings sum to zero per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Deterministic within the payment, such as `settled`.
    pub id: String,
    pub postings: Vec<Posting>,
}

/// A change of one account's balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub account: LedgerAccount,
    /// Minor units; positive increases the account.
    pub amount: i64,
    pub currency: Currency,
}

/// All entries that a payment's state implies, by the table above.
#[must_use]
pub fn entries(payment: &Payment) -> Vec<Entry> {
    let state = &payment.state;
    let mut entries = Vec::new();
    if !state.succeeded {
        return entries;
    }
    entries.push(settled(payment));
    for (id, fee) in &state.fees {
        entries.push(EntryBuilder::new(payment, format!("fee/{id}")).fee(*fee));
    }
    for (id, conversion) in &state.conversions {
        entries.push(EntryBuilder::new(payment, format!("fx/{id}")).conversion(conversion));
    }
    for (id, refund) in &state.refunds.at_stripe {
        entries.push(EntryBuilder::new(payment, format!("refund/{id}")).refund(&refund.split, 1));
        if refund.status.has_failed() {
            entries.push(EntryBuilder::new(payment, format!("refund/{id}/failed")).refund(&refund.split, -1));
        }
    }
    for (number, amount) in &state.refunds.share_adjustments {
        let id = format!("refunds/further/{number}");
        entries.push(EntryBuilder::new(payment, id).share_adjustment(*amount));
    }
    for (id, reversal) in &state.transfers.reversals {
        if !state.is_counted(&reversal.transfer) {
            continue;
        }
        entries.push(EntryBuilder::new(payment, format!("reversal/{id}")).reversal(reversal.amount));
    }
    for (id, retransfer) in &state.transfers.retransfers {
        entries.push(EntryBuilder::new(payment, format!("transfer/{id}")).reversal(-retransfer.amount));
    }
    for (id, funds) in &state.disputes.funds {
        entries.push(EntryBuilder::new(payment, format!("dispute/{id}")).dispute(funds));
    }
    for (dispute, adjustments) in &state.disputes.share_adjustments {
        for (number, amount) in adjustments {
            let id = format!("dispute/{dispute}/further/{number}");
            entries.push(EntryBuilder::new(payment, id).share_adjustment(*amount));
        }
    }
    entries
}

/// Whether two lists contain the same entries, in any order.
#[must_use]
pub fn same_entries(some: &[Entry], others: &[Entry]) -> bool {
    some.len() == others.len() && some.iter().all(|entry| others.contains(entry))
}

fn settled(payment: &Payment) -> Entry {
    let terms = &payment.terms;
    EntryBuilder::new(payment, SETTLED_ENTRY.to_owned())
        .post(LedgerAccount::Card, -terms.parameters.total.amount())
        .post(LedgerAccount::Creator(terms.creator.clone()), terms.chosen.amount())
        .post(LedgerAccount::FeeReserve, terms.fee())
        .build()
}

/// Builds an entry. Postings to one account and currency are added up, and zeros are left out.
struct EntryBuilder<'p> {
    payment: &'p Payment,
    entry: Entry,
}

impl<'p> EntryBuilder<'p> {
    fn new(payment: &'p Payment, id: String) -> Self {
        Self { payment, entry: Entry { id, postings: Vec::new() } }
    }

    /// Posts in the payment's currency.
    fn post(self, account: LedgerAccount, amount: i64) -> Self {
        let currency = self.payment.terms.chosen.currency();
        self.post_in(currency, account, amount)
    }

    fn post_in(mut self, currency: Currency, account: LedgerAccount, amount: i64) -> Self {
        let same = |posting: &&mut Posting| posting.account == account && posting.currency == currency;
        match self.entry.postings.iter_mut().find(same) {
            Some(posting) => posting.amount += amount,
            None => self.entry.postings.push(Posting { account, amount, currency }),
        }
        self
    }

    fn build(mut self) -> Entry {
        self.entry.postings.retain(|posting| posting.amount != 0);
        self.entry
    }

    fn owed(&self) -> LedgerAccount {
        LedgerAccount::Owed(self.payment.terms.creator.clone())
    }

    /// The reserve pays Stripe; the platform keeps or bears the difference.
    fn fee(self, fee: StripeFee) -> Entry {
        let estimated = self.payment.terms.fee();
        self.post(LedgerAccount::FeeReserve, -estimated)
            .post_in(fee.currency, LedgerAccount::StripeFees, fee.amount)
            .post(LedgerAccount::Platform, estimated)
            .post_in(fee.currency, LedgerAccount::Platform, -fee.amount)
            .build()
    }

    /// The platform gives one amount and gets the other: `fx` holds both, and the platform's gain is in the balance's
    /// currency.
    fn conversion(self, conversion: &Conversion) -> Entry {
        let (own, other) = (self.payment.terms.chosen.currency(), conversion.currency);
        let fx = LedgerAccount::Fx(own, other);
        self.post(LedgerAccount::Platform, -conversion.amount)
            .post(fx.clone(), conversion.amount)
            .post_in(other, fx, -conversion.converted)
            .post_in(other, LedgerAccount::Platform, conversion.converted)
            .build()
    }

    /// The creator and the platform pay the card back; the opposite with `sign` −1.
    fn refund(self, split: &RefundSplit, sign: i64) -> Entry {
        let owed = self.owed();
        self.post(LedgerAccount::Card, sign * (split.creator + split.platform))
            .post(owed, -sign * split.creator)
            .post(LedgerAccount::Platform, -sign * split.platform)
            .build()
    }

    /// The creator's account returns an amount; a negative one is a retransfer.
    fn reversal(self, amount: i64) -> Entry {
        let (owed, creator) = (self.owed(), LedgerAccount::Creator(self.payment.terms.creator.clone()));
        self.post(owed, amount).post(creator, -amount).build()
    }

    /// The creator bears more of what goes back to the sender, and the platform less.
    fn share_adjustment(self, amount: i64) -> Entry {
        let owed = self.owed();
        self.post(owed, -amount).post(LedgerAccount::Platform, amount).build()
    }

    /// The bank withdraws the charge and Stripe takes its fee; negative amounts are a reinstatement.
    fn dispute(self, funds: &DisputeFunds) -> Entry {
        let owed = self.owed();
        self.post(LedgerAccount::Card, funds.charged)
            .post(owed, -funds.creator)
            .post(LedgerAccount::Platform, funds.creator - funds.charged)
            .post_in(funds.fee_currency, LedgerAccount::Platform, -funds.fee)
            .post_in(funds.fee_currency, LedgerAccount::StripeFees, funds.fee)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IntentId;
    use crate::payment::{ClosedReason, Fact, Phase, Stamp, tests::payment};
    use proptest::prelude::*;

    #[test]
    fn nothing_is_booked_before_the_intent_succeeds() {
        let open = payment();
        assert_eq!(entries(&open), []);
        let canceled = open.join(&[Fact::Canceled]).map(|change| change.after).expect("a change");
        assert_eq!(entries(&canceled), []);
    }

    #[test]
    fn settlement_sums_to_zero_and_gives_the_creator_exactly_the_chosen_amount() {
        let change = payment().join(&[Fact::Succeeded]).expect("a change");
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
            let after = payment().join(&order).expect("a change").after;
            assert_eq!(entries(&after).len(), 1);
        }
    }

    proptest! {
        #[test]
        fn facts_never_remove_or_change_an_entry(picks in prop::collection::vec(0_usize..5, 0..10)) {
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
