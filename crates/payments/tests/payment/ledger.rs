//! The ledger of a payment: the balance of each account, and what is always true of the entries.

use crate::fixture::{
    CHOSEN, after_all, charge_with_fee, currency, decided_retransfer, dispute, intent, new_payment,
    own_transfer, refund, requested, retransfer, transaction, with_facts,
};
use payments::{
    CreatorId, Currency, DisputeStatus, Fact, IntentStatus, LedgerAccount, Payment, RefundStatus, Snapshot,
    StripeFee, TransactionId, entries, same_entries,
};
use std::collections::BTreeMap;

/// Balances by account and currency.
pub(crate) fn balances(payment: &Payment) -> BTreeMap<(String, Currency), i64> {
    let mut balances = BTreeMap::new();
    for posting in entries(payment).iter().flat_map(|entry| &entry.postings) {
        *balances.entry((posting.account.to_string(), posting.currency)).or_default() += posting.amount;
    }
    balances.retain(|_, amount| *amount != 0);
    balances
}

pub(crate) fn balance(payment: &Payment, account: &str) -> i64 {
    let key = (account.to_owned(), payment.terms.chosen.currency());
    balances(payment).get(&key).copied().unwrap_or(0)
}

/// Every entry sums to zero per currency and has its own id; the creator's balance is transfers minus reversals; and the
/// owed balance is the opposite of the amount to recover.
pub(crate) fn assert_sound(payment: &Payment) {
    let (booked, state) = (entries(payment), &payment.state);
    let (mut creator, mut owed) = (0, 0);
    for (at, entry) in booked.iter().enumerate() {
        assert!(booked[..at].iter().all(|other| other.id != entry.id), "{} is booked twice", entry.id);
        for posting in &entry.postings {
            let same = entry.postings.iter().filter(|other| other.currency == posting.currency);
            assert_eq!(same.map(|posting| posting.amount).sum::<i64>(), 0, "{entry:?}");
            assert_ne!(posting.amount, 0, "{entry:?}");
            match posting.account {
                LedgerAccount::Creator(_) => creator += posting.amount,
                LedgerAccount::Owed(_) => owed += posting.amount,
                LedgerAccount::Card
                | LedgerAccount::FeeReserve
                | LedgerAccount::Fx(..)
                | LedgerAccount::Platform
                | LedgerAccount::StripeFees => {}
            }
        }
    }
    let settled = if state.succeeded { payment.terms.chosen.amount() } else { 0 };
    let reversed = if state.succeeded { state.net_reversed() } else { 0 };
    assert_eq!((creator, owed), (settled - reversed, -state.to_recover()));
}

fn usd(of: &[(&str, i64)]) -> BTreeMap<(String, Currency), i64> {
    of.iter().map(|(account, amount)| (((*account).to_owned(), currency("usd")), *amount)).collect()
}

fn paid(more: &[Snapshot]) -> Payment {
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()]);
    let payment = after_all(&paid, more);
    assert_sound(&payment);
    payment
}

#[test]
fn the_platform_bears_the_difference_between_the_fees() {
    let settled = [("card", -1_061), ("creator:ana", 1_000), ("platform", -4), ("stripe_fees", 65)];
    assert_eq!(balances(&paid(&[])), usd(&settled));
}

#[test]
fn a_fee_in_another_currency_is_booked_in_both() {
    let fee = StripeFee { amount: 58, currency: currency("eur") };
    let facts = [Fact::Succeeded, Fact::Fee(TransactionId::parse("txn_1").expect("id"), fee)];
    let payment = with_facts(&new_payment(), &facts);
    assert_sound(&payment);
    let mut expected = usd(&[("card", -1_061), ("creator:ana", 1_000), ("platform", 61)]);
    expected.insert(("platform".to_owned(), currency("eur")), -58);
    expected.insert(("stripe_fees".to_owned(), currency("eur")), 58);
    assert_eq!(balances(&payment), expected);
    assert_eq!(payment.balance_fee(), None);
    let fee = paid(&[]).balance_fee().expect("known");
    assert_eq!((fee.estimated, fee.actual, fee.variance(), fee.currency), (61, 65, -4, currency("usd")));
    assert_eq!(new_payment().balance_fee(), None);
}

#[test]
fn our_refund_is_booked_as_requested_and_booked_back_when_it_fails() {
    let requested_refund = with_facts(&paid(&[]), &[requested(1, 400, 24, None)]);
    let refunded = after_all(&requested_refund, &[refund("re_1", 424, RefundStatus::Pending, Some(1))]);
    assert_sound(&refunded);
    let expected =
        [("card", -637), ("creator:ana", 1_000), ("owed:ana", -400), ("platform", -28), ("stripe_fees", 65)];
    assert_eq!(balances(&refunded), usd(&expected));
    let ids: Vec<_> = entries(&refunded).into_iter().map(|entry| entry.id).collect();
    assert_eq!(ids, ["settled", "fee/txn_charge", "refund/re_1"]);
    let failed = after_all(&refunded, &[refund("re_1", 424, RefundStatus::Failed, Some(1))]);
    assert_sound(&failed);
    assert_eq!(balances(&failed), balances(&requested_refund));
    assert!(entries(&failed).iter().any(|entry| entry.id == "refund/re_1/failed"));
}

#[test]
fn a_reversal_reduces_what_the_creator_owes_and_a_retransfer_increases_it() {
    let refunded = paid(&[
        refund("re_1", 1_061, RefundStatus::Succeeded, None),
        own_transfer(&[("trr_1", 600, Some(1))]),
    ]);
    assert_eq!((balance(&refunded, "owed:ana"), balance(&refunded, "creator:ana")), (-400, 400));
    let retransferred =
        after_all(&with_facts(&refunded, &[decided_retransfer(2, 100)]), &[retransfer("tr_2", 100, 2)]);
    assert_sound(&retransferred);
    assert_eq!((balance(&retransferred, "owed:ana"), balance(&retransferred, "creator:ana")), (-500, 500));
    let ids: Vec<_> = entries(&retransferred).into_iter().map(|entry| entry.id).collect();
    assert_eq!(&ids[3..], ["reversal/trr_1", "transfer/tr_2"]);
}

#[test]
fn a_chargeback_is_divided_and_the_platform_bears_its_fee() {
    let withdrawn =
        paid(&[dispute(1_002, DisputeStatus::NeedsResponse, &[transaction("txn_w", -530, 1_500)])]);
    let expected = [
        ("card", -531),
        ("creator:ana", 1_000),
        ("owed:ana", -499),
        ("platform", -4 - 31 - 1_500),
        ("stripe_fees", 1_565),
    ];
    assert_eq!(balances(&withdrawn), usd(&expected));
    let both = [transaction("txn_w", -530, 1_500), transaction("txn_r", 530, -1_500)];
    let won = after_all(&withdrawn, &[dispute(1_003, DisputeStatus::Won, &both)]);
    assert_sound(&won);
    assert_eq!(balances(&won), balances(&paid(&[])));
    assert!(entries(&won).iter().any(|entry| entry.id == "dispute/txn_r"));
}

#[test]
fn after_recovery_the_creator_keeps_the_chosen_amount_minus_refunds() {
    let refunded =
        paid(&[refund("re_1", 106, RefundStatus::Succeeded, None), own_transfer(&[("trr_1", 99, Some(1))])]);
    assert_eq!((refunded.state.to_recover(), balance(&refunded, "creator:ana")), (0, CHOSEN - 99));
}

#[test]
fn accounts_are_read_back_as_they_are_written() {
    let creator = || CreatorId::parse("a:b").expect("id");
    for (account, text) in [
        (LedgerAccount::Card, "card"),
        (LedgerAccount::Creator(creator()), "creator:a:b"),
        (LedgerAccount::FeeReserve, "fee_reserve"),
        (LedgerAccount::Owed(creator()), "owed:a:b"),
        (LedgerAccount::Platform, "platform"),
        (LedgerAccount::StripeFees, "stripe_fees"),
    ] {
        assert_eq!((account.to_string(), String::from(account.clone())), (text.to_owned(), text.to_owned()));
        assert_eq!(LedgerAccount::try_from(text.to_owned()), Ok(account));
    }
    for bad in ["", "creator:", "cards", "owed", "owed:", "platform:a"] {
        assert!(LedgerAccount::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}

#[test]
fn entries_are_the_same_in_any_order_and_only_when_none_is_missing() {
    let booked = entries(&paid(&[]));
    let reversed: Vec<_> = booked.iter().rev().cloned().collect();
    assert!(booked.len() == 2 && same_entries(&booked, &reversed));
    assert!(!same_entries(&booked, &booked[..1]) && !same_entries(&booked[..1], &booked));
    assert!(!same_entries(&booked[..1], &booked[1..]));
}
