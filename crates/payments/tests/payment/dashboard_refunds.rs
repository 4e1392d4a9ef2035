//! What refunds made in Stripe's dashboard take of the creator's share together, in any order and beside disputes.

use crate::fixture::*;
use crate::ledger::balance;
use crate::permutations::every_order;
use crate::transfer::execute_all;
use payments::{
    DisputeId, DisputeSnapshot, DisputeStatus, IntentStatus, Payment, RefundStatus, Snapshot, entries,
};

/// Paid, with its own transfer.
fn paid() -> Payment {
    after_all(&new_payment(), &[intent(1_010, IntentStatus::Succeeded), charge_with_fee(), own_transfer(&[])])
}

fn cents(count: usize) -> Vec<Snapshot> {
    (0..count).map(|n| refund(&format!("re_{n:02}"), 1, RefundStatus::Succeeded, None)).collect()
}

fn failed(id: usize) -> Snapshot {
    refund(&format!("re_{id:02}"), 1, RefundStatus::Failed, None)
}

fn withdrawn(amount: i64) -> Snapshot {
    dispute(1_020, DisputeStatus::NeedsResponse, &[transaction("txn_w", -amount, 0)])
}

/// What the creator has after all instructions.
fn kept(payment: &Payment) -> i64 {
    balance(&execute_all(payment), "creator:ana")
}

#[test]
fn fifteen_refunds_of_a_cent_take_the_share_of_fifteen_cents() {
    let refunded = after_all(&paid(), &cents(15));
    // ⌊15 · 1000 / 1061⌋; each alone would take nothing.
    assert_eq!((refunded.state.refunds.creator_amount(), refunded.refundable()), (14, 986));
    assert_eq!(refunded.state.refunds.platform_amount(), 1);
    assert_eq!(kept(&refunded), 986);
    let ids: Vec<String> = entries(&refunded).into_iter().map(|entry| entry.id).collect();
    assert!(ids.contains(&"refunds/further/14".to_owned()), "{ids:?}");
}

#[test]
fn fifteen_refunds_of_a_cent_and_a_dispute_of_the_rest_leave_the_creator_nothing() {
    let refunds = cents(15);
    let disputed = after(&paid(), &withdrawn(1_046));
    for (start, then) in [(paid(), [refunds.clone(), vec![withdrawn(1_046)]].concat()), (disputed, refunds)] {
        let end = after_all(&start, &then);
        assert_eq!((end.state.creator_deductions(), kept(&end)), (CHOSEN, 0));
    }
}

#[test]
fn a_refund_that_fails_gives_back_what_it_took_beyond_its_own_split() {
    let mut payment = after_all(&paid(), &cents(15));
    // ⌊n · 1000 / 1061⌋ for n from 14 down.
    for (n, taken) in (0..15).map(|n| (n, 13 - i64::try_from(n).expect("small"))) {
        payment = after(&payment, &failed(n));
        assert_eq!(payment.state.refunds.creator_amount(), taken.max(0), "{n} failed");
    }
    assert_eq!((payment.state.creator_deductions(), kept(&payment)), (0, CHOSEN));
}

#[test]
fn a_reinstatement_leaves_the_share_of_the_refunds_that_stand() {
    let back = [transaction("txn_w", -1_046, 0), transaction("txn_r", 1_046, 0)];
    let won = dispute(1_030, DisputeStatus::Won, &back);
    let disputed = after_all(&paid(), &[cents(15), vec![withdrawn(1_046)]].concat());
    assert_eq!(kept(&after(&disputed, &won)), 986);
}

#[test]
fn any_order_of_refunds_failures_and_a_dispute_leaves_the_same() {
    let snapshots = [
        refund("re_1", 7, RefundStatus::Succeeded, None),
        refund("re_2", 8, RefundStatus::Pending, None),
        refund("re_2", 8, RefundStatus::Failed, None),
        refund("re_3", 300, RefundStatus::Succeeded, None),
        refund("re_4", 500, RefundStatus::Succeeded, None),
        withdrawn(254),
    ];
    every_order(&paid(), &snapshots, &mut |end| {
        assert_eq!(end.state.creator_deductions(), CHOSEN, "everything is back");
        assert_eq!(kept(end), 0);
    });
}

#[test]
fn a_refund_and_a_dispute_of_parts_leave_the_rest_to_the_creator() {
    let refunded = after(&paid(), &refund("re_1", 106, RefundStatus::Succeeded, None));
    let disputed = after(&refunded, &withdrawn(106));
    // ⌊106 · 1000 / 1061⌋ each.
    assert_eq!((disputed.state.creator_deductions(), kept(&disputed)), (198, 802));
}

#[test]
fn without_a_refund_in_the_dashboard_what_disputes_round_down_stays_with_the_creator() {
    let other = dispute_snapshot(1_021, DisputeStatus::NeedsResponse, &[transaction("txn_w2", -531, 0)]);
    let other = DisputeSnapshot { id: DisputeId::parse("dp_2").expect("id"), ..other };
    let disputed = after_all(&paid(), &[withdrawn(530), Snapshot::Dispute(other)]);
    assert_eq!((disputed.state.disputes.charged_amount(), kept(&disputed)), (TOTAL, 1));
}

#[test]
fn a_refund_that_we_requested_keeps_its_split_beside_dashboard_refunds() {
    let requested_refund = with_facts(&paid(), &[requested(1, 600, 0, None)]);
    let ours = refund("re_o", 600, RefundStatus::Succeeded, Some(1));
    let rest = refund("re_d", 461, RefundStatus::Succeeded, None);
    for order in [[ours.clone(), rest.clone()], [rest, ours]] {
        let end = after_all(&requested_refund, &order);
        assert_eq!(end.state.creator_deductions(), CHOSEN);
        assert_eq!(end.state.refunds.at_stripe.values().map(|it| it.split.creator).sum::<i64>(), CHOSEN);
    }
}

#[test]
fn no_adjustment_is_repeated() {
    let refunded = after_all(&paid(), &cents(3));
    assert_eq!(refunded.share_adjustments(), []);
}
