//! What happens to payments, in every order of the snapshots.

use crate::fixture::*;
use crate::ledger::{balance, balances};
use crate::permutations::every_order;
use crate::transfer::execute_all;
use payments::{
    ChargeOutcome::{Failed, Succeeded},
    ClosedReason, DisputeStatus, Fact, InstructionKind, InstructionOutcome, IntentStatus, Payment,
    RefundStatus, Snapshot,
};

fn paid() -> Snapshot {
    intent(1_010, IntentStatus::Succeeded)
}

/// Every order gives the same state, and so the same entries. After all instructions, the creator's balance is `creator`.
fn is_the_same_in_every_order(start: &Payment, snapshots: &[Snapshot], creator: i64) {
    let expected = after_all(start, snapshots);
    every_order(start, snapshots, &mut |end| assert_eq!(*end, expected));
    assert_eq!(balance(&execute_all(&expected), "creator:ana"), creator);
}

/// The first of two may take the creator's last cent: then their division depends on the order, but no balance does.
fn has_the_same_sums_in_every_order(start: &Payment, snapshots: &[Snapshot], creator: i64) {
    let expected = balances(&after_all(start, snapshots));
    every_order(start, snapshots, &mut |end| {
        assert_eq!(balances(end), expected);
        assert_eq!(balance(&execute_all(end), "creator:ana"), creator);
    });
}

#[test]
fn paid_with_its_fee() {
    let snapshots = [
        intent(1_001, IntentStatus::RequiresPaymentMethod),
        intent(1_002, IntentStatus::Processing),
        paid(),
        charge("ch_1", Some(Succeeded)),
        charge_with_fee(),
        own_transfer(&[]),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 1_000);
}

#[test]
fn declined_and_then_paid() {
    let snapshots = [
        charge("ch_0", Some(Failed)),
        intent(1_002, IntentStatus::RequiresPaymentMethod),
        intent(1_003, IntentStatus::RequiresAction),
        paid(),
        charge("ch_1", Some(Succeeded)),
        charge_with_fee(),
        own_transfer(&[]),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 1_000);
}

#[test]
fn captured_later_than_paid() {
    let snapshots = [
        intent(1_002, IntentStatus::Processing),
        charge("ch_1", None),
        charge("ch_1", Some(Succeeded)),
        paid(),
        own_transfer(&[]),
        charge_with_fee(),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 1_000);
}

#[test]
fn two_partial_refunds_of_ours() {
    let start = with_facts(&new_payment(), &[requested(1, 300, 0, None), requested(2, 400, 25, None)]);
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 300, RefundStatus::Pending, Some(1)),
        refund("re_1", 300, RefundStatus::Succeeded, Some(1)),
        refund("re_2", 425, RefundStatus::Succeeded, Some(2)),
        own_transfer(&[("trr_1", 300, Some(1))]),
        own_transfer(&[("trr_1", 300, Some(1)), ("trr_2", 400, Some(2))]),
    ];
    is_the_same_in_every_order(&start, &snapshots, 300);
}

#[test]
fn a_refund_that_failed_after_its_success_and_was_retransferred() {
    let decided = instruction(2, InstructionKind::Transfer, 1_000, InstructionOutcome::Pending);
    let start = with_facts(&new_payment(), &[requested(1, 1_000, 0, None), decided]);
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 1_000, RefundStatus::Succeeded, Some(1)),
        own_transfer(&[("trr_1", 1_000, Some(1))]),
        refund("re_1", 1_000, RefundStatus::Failed, Some(1)),
        retransfer("tr_2", 1_000, 2),
    ];
    is_the_same_in_every_order(&start, &snapshots, 1_000);
}

#[test]
fn a_refund_that_stripe_fails_because_the_charge_is_disputed() {
    let start = with_facts(&new_payment(), &[requested(1, 1_000, 0, None)]);
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 1_000, RefundStatus::Pending, Some(1)),
        dispute(1_020, DisputeStatus::NeedsResponse, &[transaction("txn_w", -1_061, 1_500)]),
        refund("re_1", 1_000, RefundStatus::Failed, Some(1)),
    ];
    has_the_same_sums_in_every_order(&start, &snapshots, 0);
}

#[test]
fn a_refund_from_the_dashboard_that_fails_beside_a_dispute_that_is_won() {
    let withdrawn = transaction("txn_w", -1_061, 1_500);
    let won = [withdrawn.clone(), transaction("txn_r", 1_061, -1_500)];
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 500, RefundStatus::Pending, None),
        dispute(1_020, DisputeStatus::NeedsResponse, &[withdrawn]),
        refund("re_1", 500, RefundStatus::Failed, None),
        dispute(1_030, DisputeStatus::Won, &won),
    ];
    has_the_same_sums_in_every_order(&new_payment(), &snapshots, 1_000);
}

#[test]
fn a_refund_from_the_dashboard_that_reverses_the_transfer() {
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 500, RefundStatus::Pending, None),
        refund("re_1", 500, RefundStatus::Succeeded, None),
        own_transfer(&[]),
        own_transfer(&[("trr_1", 472, None)]),
    ];
    // Stripe rounded its reversal up: the cent is retransferred to the creator.
    is_the_same_in_every_order(&new_payment(), &snapshots, 529);
}

#[test]
fn an_inquiry_that_became_a_chargeback_and_was_won() {
    let withdrawn = transaction("txn_w", -1_061, 1_500);
    let snapshots = [
        paid(),
        charge_with_fee(),
        dispute(1_020, DisputeStatus::WarningNeedsResponse, &[]),
        dispute(1_021, DisputeStatus::NeedsResponse, std::slice::from_ref(&withdrawn)),
        own_transfer(&[("trr_1", 1_000, Some(1))]),
        dispute(1_022, DisputeStatus::Won, &[withdrawn, transaction("txn_r", 1_061, 0)]),
        retransfer("tr_2", 1_000, 2),
    ];
    let decided = instruction(2, InstructionKind::Transfer, 1_000, InstructionOutcome::Pending);
    is_the_same_in_every_order(&with_facts(&new_payment(), &[decided]), &snapshots, 1_000);
}

#[test]
fn a_chargeback_that_was_lost() {
    let withdrawn = [transaction("txn_w", -1_061, 1_500)];
    let snapshots = [
        paid(),
        charge_with_fee(),
        dispute(1_020, DisputeStatus::NeedsResponse, &withdrawn),
        dispute(1_021, DisputeStatus::UnderReview, &withdrawn),
        dispute(1_022, DisputeStatus::Lost, &withdrawn),
        own_transfer(&[("trr_1", 1_000, Some(1))]),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 0);
}

#[test]
fn a_partial_chargeback_in_two_withdrawals_with_one_reinstated() {
    let [first, second] = [transaction("txn_w1", -400, 1_500), transaction("txn_w2", -200, 0)];
    let snapshots = [
        paid(),
        charge_with_fee(),
        dispute(1_020, DisputeStatus::NeedsResponse, std::slice::from_ref(&first)),
        dispute(1_021, DisputeStatus::UnderReview, &[first.clone(), second.clone()]),
        dispute(1_022, DisputeStatus::Won, &[first, second, transaction("txn_r", 200, 0)]),
        own_transfer(&[("trr_1", 377, Some(1))]),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 1_000 - 377);
}

#[test]
fn canceled_after_a_declined_card() {
    let snapshots = [
        charge("ch_0", Some(Failed)),
        intent(1_001, IntentStatus::RequiresPaymentMethod),
        intent(1_002, IntentStatus::RequiresAction),
        intent(1_003, IntentStatus::Canceled),
    ];
    is_the_same_in_every_order(&new_payment(), &snapshots, 0);
}

#[test]
fn closed_by_us_and_paid_after_all() {
    let start = with_facts(&new_payment(), &[Fact::Closed(ClosedReason::Abandoned)]);
    let snapshots = [
        intent(1_001, IntentStatus::RequiresPaymentMethod),
        paid(),
        charge_with_fee(),
        own_transfer(&[]),
        intent(1_011, IntentStatus::Canceled),
    ];
    is_the_same_in_every_order(&start, &snapshots, 1_000);
}

#[test]
fn a_refund_of_ours_and_a_chargeback_of_the_rest() {
    let start = with_facts(&new_payment(), &[requested(1, 400, 0, None)]);
    let withdrawn = [transaction("txn_w", -661, 1_500)];
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 400, RefundStatus::Succeeded, Some(1)),
        own_transfer(&[("trr_1", 400, Some(1))]),
        dispute(1_020, DisputeStatus::NeedsResponse, &withdrawn),
        dispute(1_021, DisputeStatus::Lost, &withdrawn),
    ];
    is_the_same_in_every_order(&start, &snapshots, 0);
}

#[test]
fn a_refund_from_the_dashboard_and_a_chargeback_of_the_whole() {
    let withdrawn = [transaction("txn_w", -1_061, 1_500)];
    let snapshots = [
        paid(),
        charge_with_fee(),
        refund("re_1", 700, RefundStatus::Succeeded, None),
        dispute(1_020, DisputeStatus::NeedsResponse, &withdrawn),
        dispute(1_021, DisputeStatus::Lost, &withdrawn),
        own_transfer(&[]),
    ];
    has_the_same_sums_in_every_order(&new_payment(), &snapshots, 0);
}

#[test]
fn a_chargeback_that_was_won_and_then_withdrawn_again() {
    let [first, second] = [transaction("txn_w1", -1_061, 1_500), transaction("txn_w2", -1_061, 0)];
    let back = transaction("txn_r", 1_061, 0);
    let snapshots = [
        paid(),
        own_transfer(&[]),
        dispute(1_020, DisputeStatus::NeedsResponse, std::slice::from_ref(&first)),
        dispute(1_021, DisputeStatus::Won, &[first.clone(), back.clone()]),
        dispute(1_022, DisputeStatus::Lost, &[first, back, second]),
    ];
    has_the_same_sums_in_every_order(&new_payment(), &snapshots, 0);
}
