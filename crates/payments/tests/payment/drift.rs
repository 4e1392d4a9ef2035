//! What reconciliation finds in a payment: whether a movement is booked, and what is still different.

use crate::fixture::*;
use payments::{
    BalanceTransactionKind, ClosedReason, DifferenceKind, DisputeId, DisputeStatus, Fact, IntentStatus,
    Payment, RefundId, RefundStatus, ReversalId, Snapshot, TransactionId, TransferId,
};

fn paid(more: &[Snapshot]) -> Payment {
    let paid = after_all(&payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()]);
    after_all(&paid, more)
}

fn differences(known: &Payment) -> Vec<(DifferenceKind, Option<i64>)> {
    let of_it =
        known.differences().into_iter().inspect(|it| assert_eq!(it.payment_id.as_ref(), Some(known.id())));
    of_it.map(|difference| (difference.kind, difference.amount)).collect()
}

#[test]
fn what_is_owed_not_refunded_yet_or_both_paid_and_closed_is_a_difference() {
    assert_eq!(differences(&paid(&[])), []);
    let owed = paid(&[refund("re_1", 1_061, RefundStatus::Succeeded, None)]);
    assert_eq!(differences(&owed), [(DifferenceKind::Owed, Some(1_000))]);
    let settled = after(&owed, &own_transfer(&[("trr_1", 1_000, None)]));
    assert_eq!(differences(&settled), []);
    let asked = knowing(&paid(&[]), &[requested(1, 300, 20, None)]);
    assert_eq!(differences(&asked), [(DifferenceKind::RefundNotMade, Some(320))]);
    let refused = knowing(&asked, &[requested(1, 300, 20, Some("charge_disputed"))]);
    assert_eq!(differences(&refused), []);
    let closed = knowing(&paid(&[]), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert_eq!(differences(&closed), [(DifferenceKind::Contradiction, None)]);
}

#[test]
fn a_movement_of_the_balance_is_booked_once_its_object_is_known_as_far_as_it_says() {
    let booked = |known: &Payment, transaction: &str, movement: &BalanceTransactionKind| {
        known.is_booked(&TransactionId::parse(transaction).expect("id"), movement)
    };
    let charged = after_all(&payment(), &[charge_with_fee()]);
    assert!(
        !booked(&charged, "txn_charge", &BalanceTransactionKind::Charge),
        "not all of it is known to be paid"
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
    let again = paid(&[transfer_again("tr_2", 100, 1)]);
    assert!(booked(&again, "txn_3", &transfer("tr_own")) && booked(&again, "txn_3", &transfer("tr_2")));
    assert!(!booked(&paid(&[]), "txn_3", &transfer("tr_2")));

    let reversal = BalanceTransactionKind::Reversal(ReversalId::parse("trr_1").expect("id"));
    let reversed = paid(&[own_transfer(&[("trr_1", 100, None)])]);
    assert!(booked(&reversed, "txn_4", &reversal) && !booked(&paid(&[]), "txn_4", &reversal));
}
