//! The amounts of each balance transaction beside what the ledger has booked for it.

use crate::fixture::*;
use payments::{
    BalanceTransactionKind as Kind, BookedAmounts, ChargeOutcome, ChargeSnapshot, DisputeId, DisputeStatus,
    Entry, IntentStatus, Payment, RefundId, RefundStatus, ReversalId, Snapshot, StripeFee,
    TransactionAmounts, TransactionId, TransferId, entries,
};

fn paid() -> Payment {
    let settled = [intent(1_001, IntentStatus::Succeeded), charge_with_fee()];
    after_all(&new_payment(), &settled)
}

fn txn(id: &str) -> TransactionId {
    TransactionId::parse(id).expect("id")
}

/// The entries that book a transaction.
fn entries_of(payment: &Payment, transaction: &str, kind: &Kind) -> Vec<Entry> {
    let ids = payment.entry_ids_of(&txn(transaction), kind);
    let found: Vec<Entry> = entries(payment).into_iter().filter(|entry| ids.contains(&entry.id)).collect();
    assert_eq!(found.len(), ids.len(), "{ids:?}");
    found
}

fn deviation(payment: &Payment, transaction: &str, kind: &Kind, shown: (i64, i64)) -> Option<String> {
    let booked = BookedAmounts::of(kind, &entries_of(payment, transaction, kind));
    booked.deviation(&TransactionAmounts::new(shown.0, shown.1, currency("usd")))
}

#[test]
fn every_kind_of_transaction_has_the_amounts_that_are_booked_for_it() {
    let refunded = after_all(
        &paid(),
        &[
            refund("re_1", 300, RefundStatus::Failed, None),
            dispute(1_500, DisputeStatus::NeedsResponse, &[transaction("txn_out", -500, 15)]),
            own_transfer(&[("trr_1", 400, Some(1))]),
        ],
    );
    let payment =
        after(&with_facts(&refunded, &[decided_retransfer(2, 400)]), &retransfer("tr_again", 400, 2));
    let refund = RefundId::parse("re_1").expect("id");
    let transfer = |id| Kind::Transfer(TransferId::parse(id).expect("id"));
    for (transaction, kind, amount, fee) in [
        ("txn_charge", Kind::Charge, TOTAL, 65),
        ("txn_1", Kind::Refund(refund.clone()), -300, 0),
        ("txn_2", Kind::RefundFailure(refund), 300, 0),
        ("txn_out", Kind::Dispute(DisputeId::parse("dp_1").expect("id")), -500, 15),
        ("txn_3", transfer("tr_own"), -CHOSEN, 0),
        ("txn_4", transfer("tr_again"), -400, 0),
        ("txn_5", Kind::Reversal(ReversalId::parse("trr_1").expect("id")), 400, 0),
    ] {
        assert_eq!(deviation(&payment, transaction, &kind, (amount, fee)), None, "{kind:?}");
        for other in [(amount + 1, fee), (amount, fee + 1), (-amount, fee)] {
            assert!(deviation(&payment, transaction, &kind, other).is_some(), "{kind:?} {other:?}");
        }
    }
}

#[test]
fn a_converted_transaction_has_the_amounts_of_the_balances_currency_and_no_others() {
    let fee = StripeFee { amount: 59, currency: currency("eur") };
    let charge = Snapshot::Charge(ChargeSnapshot {
        fee: Some((txn("txn_charge"), fee)),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    });
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge]);
    let converted = in_euros(&paid, "txn_charge", &Kind::Charge, 980);
    let booked = BookedAmounts::of(&Kind::Charge, &entries_of(&converted, "txn_charge", &Kind::Charge));
    assert_eq!(booked.deviation(&TransactionAmounts::new(980, 59, currency("eur"))), None);
    assert_eq!(booked.nets().collect::<Vec<_>>(), [(currency("eur"), 921)]);
}

#[test]
fn a_deviation_names_both_values() {
    let told = deviation(&paid(), "txn_charge", &Kind::Charge, (1_060, 64));
    let expected =
        "1061 less a fee of 65, net 996 usd is booked, and Stripe shows 1060 less a fee of 64, net 996 usd";
    assert_eq!(told.as_deref(), Some(expected));
}

#[test]
fn another_net_another_currency_and_nothing_booked_are_deviations() {
    let booked = BookedAmounts::of(&Kind::Charge, &entries_of(&paid(), "txn_charge", &Kind::Charge));
    let shown = TransactionAmounts::new(TOTAL, 65, currency("usd"));
    assert_eq!(booked.deviation(&shown), None);
    assert_eq!(booked.nets().collect::<Vec<_>>(), [(currency("usd"), 996)]);
    assert!(booked.deviation(&TransactionAmounts { net: 990, ..shown }).is_some());
    let converted = booked.deviation(&TransactionAmounts { currency: currency("eur"), ..shown });
    assert!(converted.is_some_and(|told| told.contains("; Stripe converted it")));
    let nothing = BookedAmounts::default();
    assert!(nothing.deviation(&shown).is_some_and(|told| told.starts_with("nothing is booked")));
    assert_eq!(nothing.deviation(&TransactionAmounts::new(0, 0, currency("usd"))), None);
}
