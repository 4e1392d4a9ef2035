//! What reconciliation finds in a payment: which balance transactions are booked, and which differences remain.

use crate::fixture::*;
use payments::{
    BalanceTransactionKind, ChargeId, ChargeOutcome, ClosedReason, DifferenceKind, DisputeId, DisputeStatus,
    Fact, IntentStatus, Payment, RefundFact, RefundId, RefundSplit, RefundStatus, ReversalId, Snapshot,
    Timestamp, TransactionId, TransferFact, TransferId,
};

fn paid(more: &[Snapshot]) -> Payment {
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()]);
    after_all(&paid, more)
}

fn differences(payment: &Payment) -> Vec<(DifferenceKind, Option<i64>)> {
    let differences = payment
        .differences()
        .into_iter()
        .inspect(|it| assert_eq!(it.payment_id.as_ref(), Some(payment.id())));
    differences.map(|difference| (difference.kind, difference.amount)).collect()
}

#[test]
fn an_amount_to_recover_an_open_refund_request_and_a_contradiction_are_differences() {
    assert_eq!(differences(&paid(&[])), []);
    let unrecovered = paid(&[refund("re_1", 1_061, RefundStatus::Succeeded, None)]);
    assert_eq!(differences(&unrecovered), [(DifferenceKind::ToRecover, Some(1_000))]);
    let recovered = after(&unrecovered, &own_transfer(&[("trr_1", 1_000, None)]));
    assert_eq!(differences(&recovered), []);
    let requested_refund = with_facts(&paid(&[]), &[requested(1, 300, 20, None)]);
    assert_eq!(differences(&requested_refund), [(DifferenceKind::RefundNotMade, Some(320))]);
    let refused = with_facts(&requested_refund, &[requested(1, 300, 20, Some("charge_disputed"))]);
    assert_eq!(differences(&refused), []);
    let closed = with_facts(&paid(&[]), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert_eq!(differences(&closed), [(DifferenceKind::Contradiction, None)]);
}

#[test]
fn what_is_owed_in_a_currency_that_has_ended_is_a_difference_and_never_asked_of_stripe() {
    let in_leva = paid_in("bgn");
    assert_eq!(in_leva.next_instruction(Timestamp::from_seconds(9_000)), None);
    assert_eq!(differences(&in_leva), [(DifferenceKind::EndedCurrency, Some(1_000))]);
    let in_euros = paid_in("eur");
    assert!(in_euros.next_instruction(Timestamp::from_seconds(9_000)).is_some());
    assert_eq!(differences(&in_euros), [(DifferenceKind::ToRecover, Some(1_000))]);
}

/// A paid and refunded payment whose share is not recovered.
fn paid_in(code: &str) -> Payment {
    let row = serde_json::to_string(&payment_in("usd", CHOSEN, TOTAL).terms).expect("terms");
    let terms =
        serde_json::from_str(&row.replace("\"usd\"", &format!("\"{code}\""))).expect("still readable");
    let paid = ChargeId::parse("ch_1").expect("id");
    with_facts(
        &Payment::new(terms),
        &[
            Fact::Succeeded,
            Fact::Charge(paid.clone(), ChargeOutcome::Succeeded),
            Fact::Transfer(TransferFact::Original(paid, TransferId::parse("tr_own").expect("id"))),
            Fact::Refund(RefundFact::AtStripe(
                RefundId::parse("re_1").expect("id"),
                RefundSplit { creator: 1_000, platform: 61, request: None },
                RefundStatus::Succeeded,
            )),
        ],
    )
}

#[test]
fn a_balance_transaction_is_booked_once_its_object_is_known() {
    let booked = |payment: &Payment, transaction: &str, kind: &BalanceTransactionKind| {
        payment.is_booked(&TransactionId::parse(transaction).expect("id"), kind)
    };
    let charged = after_all(&new_payment(), &[charge_with_fee()]);
    assert!(
        !booked(&charged, "txn_charge", &BalanceTransactionKind::Charge),
        "the intent is not known to have succeeded"
    );
    assert!(booked(&paid(&[]), "txn_charge", &BalanceTransactionKind::Charge));
    assert!(!booked(&paid(&[]), "txn_other", &BalanceTransactionKind::Charge));

    let re_1 = || RefundId::parse("re_1").expect("id");
    let pending = paid(&[refund("re_1", 500, RefundStatus::Pending, None)]);
    assert!(!booked(&paid(&[]), "txn_1", &BalanceTransactionKind::Refund(re_1())));
    assert!(booked(&pending, "txn_1", &BalanceTransactionKind::Refund(re_1())));
    assert!(!booked(&pending, "txn_2", &BalanceTransactionKind::RefundFailure(re_1())));
    let failed = paid(&[refund("re_1", 500, RefundStatus::Failed, None)]);
    assert!(booked(&failed, "txn_2", &BalanceTransactionKind::RefundFailure(re_1())));

    let dispute_of = BalanceTransactionKind::Dispute(DisputeId::parse("dp_1").expect("id"));
    let disputed = paid(&[dispute(1_020, DisputeStatus::NeedsResponse, &[transaction("txn_w", -1_061, 0)])]);
    assert!(booked(&disputed, "txn_w", &dispute_of) && !booked(&disputed, "txn_r", &dispute_of));

    let transfer = |id| BalanceTransactionKind::Transfer(TransferId::parse(id).expect("id"));
    let retransferred =
        after(&with_facts(&paid(&[]), &[decided_retransfer(1, 100)]), &retransfer("tr_2", 100, 1));
    assert!(
        booked(&retransferred, "txn_3", &transfer("tr_own"))
            && booked(&retransferred, "txn_3", &transfer("tr_2"))
    );
    assert!(!booked(&paid(&[]), "txn_3", &transfer("tr_2")));

    let reversal = BalanceTransactionKind::Reversal(ReversalId::parse("trr_1").expect("id"));
    let reversed = paid(&[own_transfer(&[("trr_1", 100, None)])]);
    assert!(booked(&reversed, "txn_4", &reversal) && !booked(&paid(&[]), "txn_4", &reversal));
}
