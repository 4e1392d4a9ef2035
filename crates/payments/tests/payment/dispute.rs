//! How a dispute's withdrawals and reinstatements are divided, and when it holds the sender.

use crate::fixture::*;
use crate::ledger::balance;
use payments::{
    DisputeId, DisputeSnapshot, DisputeStatus, DisputeTransaction, Fact, HoldingDispute, IntentStatus,
    Payment, RefundStatus, SenderHoldChange, Snapshot, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

fn needs_response(transactions: &[DisputeTransaction]) -> Snapshot {
    dispute(1_020, DisputeStatus::NeedsResponse, transactions)
}

fn in_euro(id: &str, amount: i64) -> DisputeTransaction {
    DisputeTransaction { currency: currency("eur"), ..transaction(id, amount, 0) }
}

/// The charge's and the creator's part of what is withdrawn and not reinstated.
fn withdrawn_parts(payment: &Payment) -> (i64, i64) {
    (payment.state.disputes.charged_amount(), payment.state.disputes.creator_amount())
}

fn refused(snapshot: DisputeSnapshot) -> &'static str {
    Snapshot::Dispute(snapshot)
        .facts(&after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()]))
        .expect_err("is refused")
        .field
}

#[test]
fn a_dispute_of_another_payment_or_beyond_all_amounts_is_refused() {
    let of = |transactions: &[_]| dispute_snapshot(1_020, DisputeStatus::NeedsResponse, transactions);
    let other = payments::IntentId::parse("pi_2").ok();
    assert_eq!(refused(DisputeSnapshot { intent: other, ..of(&[]) }), "intent");
    assert_eq!(refused(DisputeSnapshot { amount: -1, ..of(&[]) }), "dispute amount");
    assert_eq!(refused(DisputeSnapshot { amount: i64::MAX, ..of(&[]) }), "dispute amount");
    let most = 1_000_000_000_000_000;
    assert_eq!(refused(of(&[transaction("txn_w", -most - 1, 0)])), "dispute transaction");
    assert_eq!(refused(of(&[transaction("txn_w", -1, most + 1)])), "dispute fee");
    assert_eq!(
        withdrawn_parts(&after(&new_payment(), &needs_response(&[transaction("txn_w", -most, most)]))),
        (most, CHOSEN)
    );
    let nothing = DisputeSnapshot { amount: 0, ..of(&[]) };
    assert!(Snapshot::Dispute(nothing).facts(&new_payment()).is_ok());
}

#[test]
fn an_inquiry_withdraws_nothing_and_holds_nobody() {
    let payment = after(&new_payment(), &dispute(1_020, DisputeStatus::WarningNeedsResponse, &[]));
    assert_eq!((withdrawn_parts(&payment), payment.state.disputes.holding_sender().len()), ((0, 0), 0));
    assert_eq!(payment.state.disputes.open().count(), 1);
}

#[test]
fn a_withdrawal_takes_no_more_from_the_creator_than_refunds_leave() {
    let refunded = after(&new_payment(), &refund("re_1", 700, RefundStatus::Succeeded, None));
    let payment = after(&refunded, &needs_response(&[transaction("txn_w", -1_061, 0)]));
    assert_eq!(withdrawn_parts(&payment), (1_061, 341));
    assert_eq!(payment.refundable(), 0);
}

#[test]
fn a_dispute_takes_what_a_refused_refund_no_longer_takes() {
    let requested_refund = with_facts(&new_payment(), &[Fact::Succeeded, requested(1, 700, 0, None)]);
    let payment = after(&requested_refund, &needs_response(&[transaction("txn_w", -1_061, 0)]));
    assert_eq!(withdrawn_parts(&payment), (1_061, 300));
    let refused = with_facts(&payment, &[requested(1, 700, 0, Some("charge_disputed"))]);
    let adjustments = refused.share_adjustments();
    let payment = with_facts(&refused, &adjustments);
    assert_eq!((withdrawn_parts(&payment), payment.refundable(), adjustments.len()), ((1_061, 1_000), 0, 1));
    assert_eq!(payment.share_adjustments(), [], "once");
    assert_eq!(balance(&payment, "owed:ana"), -1_000);
    let back = [transaction("txn_w", -1_061, 0), transaction("txn_r", 1_061, 0)];
    let won = after(&payment, &needs_response(&back));
    assert_eq!((withdrawn_parts(&won), won.refundable(), won.state.to_recover()), ((0, 0), 1_000, 0));
}

#[test]
fn a_partial_dispute_takes_only_its_own_share_when_a_refund_fails() {
    let pending = after(&new_payment(), &refund("re_1", 1_000, RefundStatus::Pending, None));
    let payment = after(&pending, &needs_response(&[transaction("txn_w", -461, 0)]));
    assert_eq!(withdrawn_parts(&payment), (461, 58));
    let failed = after(&payment, &refund("re_1", 1_000, RefundStatus::Failed, None));
    assert_eq!((withdrawn_parts(&failed), failed.refundable()), ((461, 434), 566));
}

#[test]
fn shares_that_are_each_rounded_down_need_no_adjustment() {
    let parts = [transaction("txn_1", -333, 0), transaction("txn_2", -333, 0)];
    let payment = after(&new_payment(), &needs_response(&parts));
    assert_eq!((withdrawn_parts(&payment), payment.share_adjustments()), ((666, 626), vec![]));
    let other = DisputeId::parse("dp_2").expect("id");
    let beside = dispute_snapshot(1_020, DisputeStatus::NeedsResponse, &[transaction("txn_3", -200, 0)]);
    let payment = after(&payment, &Snapshot::Dispute(DisputeSnapshot { id: other, ..beside }));
    assert_eq!(
        (withdrawn_parts(&payment), payment.share_adjustments()),
        ((866, 814), vec![]),
        "each by itself"
    );
}

#[test]
fn several_disputes_take_together_what_a_refused_refund_leaves_and_no_more() {
    let facts = [Fact::Succeeded, requested(1, 600, 0, None), requested(2, 400, 0, None)];
    let mut payment = with_facts(&new_payment(), &facts);
    for (id, transaction) in
        [("dp_1", transaction("txn_1", -500, 0)), ("dp_2", transaction("txn_2", -561, 0))]
    {
        let id = DisputeId::parse(id).expect("id");
        let snapshot = dispute_snapshot(1_020, DisputeStatus::NeedsResponse, &[transaction]);
        payment = after(&payment, &Snapshot::Dispute(DisputeSnapshot { id, ..snapshot }));
    }
    assert_eq!(withdrawn_parts(&payment), (1_061, 0));
    let refused = with_facts(&payment, &[requested(2, 400, 0, Some("charge_disputed"))]);
    let adjusted = with_facts(&refused, &refused.share_adjustments());
    assert_eq!((withdrawn_parts(&adjusted), adjusted.refundable()), ((1_061, 400), 0));
}

#[test]
fn each_failed_refund_adjusts_the_disputes_share_once() {
    let facts = [Fact::Succeeded, requested(1, 300, 0, None), requested(2, 400, 0, None)];
    let requested_refund = with_facts(&new_payment(), &facts);
    let mut payment = after(&requested_refund, &needs_response(&[transaction("txn_w", -1_061, 0)]));
    for (n, amount, taken) in [(1, 300, 600), (2, 400, 1_000)] {
        let refused = with_facts(&payment, &[requested(n, amount, 0, Some("charge_disputed"))]);
        payment = with_facts(&refused, &refused.share_adjustments());
        assert_eq!(withdrawn_parts(&payment), (1_061, taken));
    }
    let entries = payments::entries(&payment);
    let adjustments = entries.iter().filter(|entry| entry.id.contains("/further/"));
    let ids: Vec<&str> = adjustments.map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["dispute/dp_1/further/1", "dispute/dp_1/further/2"]);
}

#[test]
fn a_reinstatement_leaves_the_creator_the_share_of_what_stands() {
    let withdrawn = transaction("txn_w", -1_061, 0);
    let first = needs_response(&[withdrawn.clone(), transaction("txn_r1", 500, 0)]);
    let divided = with_facts(&new_payment(), &first.facts(&new_payment()).expect("of this payment"));
    assert_eq!((withdrawn_parts(&divided), divided.share_adjustments()), ((561, 528), vec![]));
    let payment = after(&new_payment(), &first);
    assert_eq!(payment, divided);
    let payment = after(
        &payment,
        &needs_response(&[withdrawn, transaction("txn_r1", 500, 0), transaction("txn_r2", 561, 0)]),
    );
    assert_eq!(withdrawn_parts(&payment), (0, 0));
    let more = needs_response(&[transaction("txn_w", -1_061, 0), transaction("txn_r3", 2_000, 0)]);
    assert_eq!(withdrawn_parts(&after(&new_payment(), &more)), (-939, 0));
}

#[test]
fn a_withdrawal_is_divided_before_its_reinstatement_however_they_are_listed() {
    let listed = [transaction("txn_a", 1_061, 0), transaction("txn_b", -1_061, 0)];
    let payment = after(&new_payment(), &needs_response(&listed));
    assert_eq!(withdrawn_parts(&payment), (0, 0));
    assert_eq!(balance(&payment, "owed:ana"), 0);
    let ids: Vec<_> = payment.state.disputes.funds.values().map(|funds| funds.creator).collect();
    assert_eq!(ids, [-1_000, 1_000]);
}

#[test]
fn a_withdrawal_in_another_currency_is_worth_the_disputed_amount() {
    let payment = after(&new_payment(), &needs_response(&[in_euro("txn_w", -990)]));
    assert_eq!(withdrawn_parts(&payment), (1_061, 1_000));
    let payment = after(&payment, &needs_response(&[in_euro("txn_w", -990), in_euro("txn_r", 970)]));
    assert_eq!(withdrawn_parts(&payment), (0, 0));
    let two =
        dispute_snapshot(1_020, DisputeStatus::Lost, &[in_euro("txn_w1", -500), in_euro("txn_w2", -490)]);
    assert_eq!(refused(two), "dispute currency");
}

#[test]
fn a_transaction_with_only_a_fee_withdraws_nothing() {
    let payment = after(&new_payment(), &needs_response(&[in_euro("txn_w", -990), in_euro("txn_fee", 0)]));
    assert_eq!(withdrawn_parts(&payment), (1_061, 1_000));
    let fee = DisputeTransaction { fee: 1_500, ..in_euro("txn_fee", 0) };
    let alone = after(&new_payment(), &needs_response(&[fee]));
    assert_eq!((withdrawn_parts(&alone), alone.state.disputes.funds.len()), ((0, 0), 1));
    assert!(alone.state.disputes.holding_sender().is_empty());
}

#[test]
fn a_sender_is_held_while_money_is_withdrawn_and_released_when_it_is_reinstated() {
    let [withdrawn, back] = [transaction("txn_w", -500, 0), transaction("txn_r", 500, 0)];
    let id = DisputeId::parse("dp_1").expect("id");
    let held = |lost_at: Option<i64>| {
        let lost_at = lost_at.map(Timestamp::from_seconds);
        BTreeMap::from([(id.clone(), HoldingDispute { payment: new_payment().id().clone(), lost_at })])
    };
    let change = |payment: &Payment, snapshot: &Snapshot| {
        payment.join(&snapshot.facts(payment).expect("of this payment")).expect("a change")
    };
    let taken = change(&new_payment(), &needs_response(std::slice::from_ref(&withdrawn)));
    assert_eq!(taken.hold, Some(SenderHoldChange { held: held(None), released: BTreeSet::new() }));
    let unchanged = change(&taken.after, &dispute(1_021, DisputeStatus::UnderReview, &[]));
    assert_eq!(unchanged.hold, None);
    let lost = change(&unchanged.after, &dispute(1_022, DisputeStatus::Lost, &[]));
    assert_eq!(lost.hold, Some(SenderHoldChange { held: held(Some(1_022)), released: BTreeSet::new() }));
    let appealed = change(&lost.after, &dispute(1_023, DisputeStatus::Other, &[]));
    assert_eq!(appealed.hold, Some(SenderHoldChange { held: held(None), released: BTreeSet::new() }));
    let won = change(&unchanged.after, &needs_response(&[withdrawn, back]));
    let released = SenderHoldChange { held: BTreeMap::new(), released: [id.clone()].into() };
    assert_eq!(won.hold, Some(released));
}

#[test]
fn every_dispute_status_is_parsed_and_an_unknown_one_stays_open() {
    use DisputeStatus as Status;
    for (text, status, closed) in [
        ("warning_needs_response", Status::WarningNeedsResponse, false),
        ("warning_under_review", Status::WarningUnderReview, false),
        ("warning_closed", Status::WarningClosed, true),
        ("needs_response", Status::NeedsResponse, false),
        ("under_review", Status::UnderReview, false),
        ("prevented", Status::Prevented, true),
        ("won", Status::Won, true),
        ("lost", Status::Lost, true),
        ("something_new", Status::Other, false),
    ] {
        assert_eq!((Status::parse(text), status.is_closed()), (status, closed), "{text}");
        let payment = after(&new_payment(), &dispute(1_020, status, &[]));
        assert_eq!(payment.state.disputes.open().count(), usize::from(!closed), "{text}");
    }
}
