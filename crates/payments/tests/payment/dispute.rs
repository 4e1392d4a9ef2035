//! How what a dispute withdraws and reinstates is divided, and whom it holds.

use crate::fixture::*;
use crate::ledger::balance;
use payments::{
    DisputeId, DisputeSnapshot, DisputeStatus, DisputeTransaction, Payment, RefundStatus, SenderHoldChange,
    Snapshot,
};
use std::collections::BTreeSet;

fn seen(transactions: &[DisputeTransaction]) -> Snapshot {
    dispute(1_020, DisputeStatus::NeedsResponse, transactions)
}

fn in_euro(id: &str, amount: i64) -> DisputeTransaction {
    DisputeTransaction { currency: currency("eur"), ..transaction(id, amount, 0) }
}

/// What stands of the charge and of the creator's share.
fn standing(known: &Payment) -> (i64, i64) {
    (known.state.disputes.charged_amount(), known.state.disputes.creator_amount())
}

fn refused(seen: DisputeSnapshot) -> &'static str {
    Snapshot::Dispute(seen).facts(&after(&payment(), &charge_with_fee())).expect_err("is refused").field
}

#[test]
fn a_dispute_of_another_payment_or_beyond_all_amounts_is_refused() {
    let of = |transactions: &[_]| dispute_seen(1_020, DisputeStatus::NeedsResponse, transactions);
    let other = payments::IntentId::parse("pi_2").ok();
    assert_eq!(refused(DisputeSnapshot { intent: other, ..of(&[]) }), "intent");
    assert_eq!(refused(DisputeSnapshot { amount: -1, ..of(&[]) }), "dispute amount");
    assert_eq!(refused(DisputeSnapshot { amount: i64::MAX, ..of(&[]) }), "dispute amount");
    let most = 1_000_000_000_000_000;
    assert_eq!(refused(of(&[transaction("txn_w", -most - 1, 0)])), "dispute transaction");
    assert_eq!(refused(of(&[transaction("txn_w", -1, most + 1)])), "dispute fee");
    assert_eq!(standing(&after(&payment(), &seen(&[transaction("txn_w", -most, most)]))), (most, CHOSEN));
    let nothing = DisputeSnapshot { amount: 0, ..of(&[]) };
    assert!(Snapshot::Dispute(nothing).facts(&payment()).is_ok());
}

#[test]
fn an_inquiry_moves_nothing_and_holds_nobody() {
    let known = after(&payment(), &dispute(1_020, DisputeStatus::WarningNeedsResponse, &[]));
    assert_eq!((standing(&known), known.state.disputes.holding_sender().len()), ((0, 0), 0));
    assert_eq!(known.state.disputes.open().count(), 1);
}

#[test]
fn a_withdrawal_takes_no_more_of_the_creator_than_refunds_left() {
    let refunded = after(&payment(), &refund("re_1", 700, RefundStatus::Succeeded, None));
    let known = after(&refunded, &seen(&[transaction("txn_w", -1_061, 0)]));
    assert_eq!(standing(&known), (1_061, 341));
    assert_eq!(known.refundable(), 0);
}

#[test]
fn what_a_refund_gives_back_that_stripe_refuses_is_the_disputes() {
    let asked = knowing(&payment(), &[requested(1, 700, 0, None)]);
    let known = after(&asked, &seen(&[transaction("txn_w", -1_061, 0)]));
    assert_eq!(standing(&known), (1_061, 300));
    let refused = knowing(&known, &[requested(1, 700, 0, Some("charge_disputed"))]);
    let further = refused.share_adjustments();
    let known = knowing(&refused, &further);
    assert_eq!((standing(&known), known.refundable(), further.len()), ((1_061, 1_000), 0, 1));
    assert_eq!(known.share_adjustments(), [], "once");
    assert_eq!(balance(&known, "owed:ana"), -1_000);
    let back = [transaction("txn_w", -1_061, 0), transaction("txn_r", 1_061, 0)];
    let won = after(&known, &seen(&back));
    assert_eq!((standing(&won), won.refundable(), won.state.to_recover()), ((0, 0), 1_000, 0));
}

#[test]
fn a_part_of_a_dispute_takes_its_own_part_and_no_more_when_a_refund_fails() {
    let pending = after(&payment(), &refund("re_1", 1_000, RefundStatus::Pending, None));
    let known = after(&pending, &seen(&[transaction("txn_w", -461, 0)]));
    assert_eq!(standing(&known), (461, 58));
    let failed = after(&known, &refund("re_1", 1_000, RefundStatus::Failed, None));
    assert_eq!((standing(&failed), failed.refundable()), ((461, 434), 566));
}

#[test]
fn shares_that_are_rounded_down_one_by_one_leave_nothing_to_be_taken_further() {
    let parts = [transaction("txn_1", -333, 0), transaction("txn_2", -333, 0)];
    let known = after(&payment(), &seen(&parts));
    assert_eq!((standing(&known), known.share_adjustments()), ((666, 626), vec![]));
    let other = DisputeId::parse("dp_2").expect("id");
    let beside = dispute_seen(1_020, DisputeStatus::NeedsResponse, &[transaction("txn_3", -200, 0)]);
    let known = after(&known, &Snapshot::Dispute(DisputeSnapshot { id: other, ..beside }));
    assert_eq!((standing(&known), known.share_adjustments()), ((866, 814), vec![]), "each by itself");
}

#[test]
fn a_dispute_takes_further_as_often_as_a_refund_comes_to_nothing() {
    let asked = knowing(&payment(), &[requested(1, 300, 0, None), requested(2, 400, 0, None)]);
    let mut known = after(&asked, &seen(&[transaction("txn_w", -1_061, 0)]));
    for (n, amount, taken) in [(1, 300, 600), (2, 400, 1_000)] {
        let refused = knowing(&known, &[requested(n, amount, 0, Some("charge_disputed"))]);
        known = knowing(&refused, &refused.share_adjustments());
        assert_eq!(standing(&known), (1_061, taken));
    }
    let entries = payments::entries(&known);
    let further = entries.iter().filter(|entry| entry.id.contains("/further/"));
    let ids: Vec<&str> = further.map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["dispute/dp_1/further/1", "dispute/dp_1/further/2"]);
}

#[test]
fn a_reinstatement_leaves_the_creator_the_share_of_what_stands() {
    let withdrawn = transaction("txn_w", -1_061, 0);
    let known = after(&payment(), &seen(&[withdrawn.clone(), transaction("txn_r1", 500, 0)]));
    assert_eq!(standing(&known), (561, 528));
    let known =
        after(&known, &seen(&[withdrawn, transaction("txn_r1", 500, 0), transaction("txn_r2", 561, 0)]));
    assert_eq!(standing(&known), (0, 0));
    let more = seen(&[transaction("txn_w", -1_061, 0), transaction("txn_r3", 2_000, 0)]);
    assert_eq!(standing(&after(&payment(), &more)), (-939, 0));
}

#[test]
fn a_withdrawal_is_divided_before_its_reinstatement_however_they_are_listed() {
    let listed = [transaction("txn_a", 1_061, 0), transaction("txn_b", -1_061, 0)];
    let known = after(&payment(), &seen(&listed));
    assert_eq!(standing(&known), (0, 0));
    assert_eq!(balance(&known, "owed:ana"), 0);
    let ids: Vec<_> = known.state.disputes.funds.values().map(|money| money.creator).collect();
    assert_eq!(ids, [-1_000, 1_000]);
}

#[test]
fn a_withdrawal_in_another_currency_is_of_the_disputed_amount() {
    let known = after(&payment(), &seen(&[in_euro("txn_w", -990)]));
    assert_eq!(standing(&known), (1_061, 1_000));
    let known = after(&known, &seen(&[in_euro("txn_w", -990), in_euro("txn_r", 970)]));
    assert_eq!(standing(&known), (0, 0));
    let two = dispute_seen(1_020, DisputeStatus::Lost, &[in_euro("txn_w1", -500), in_euro("txn_w2", -490)]);
    assert_eq!(refused(two), "dispute currency");
}

#[test]
fn a_transaction_of_the_fee_alone_moves_nothing_of_the_charge() {
    let known = after(&payment(), &seen(&[in_euro("txn_w", -990), in_euro("txn_fee", 0)]));
    assert_eq!(standing(&known), (1_061, 1_000));
    let fee = DisputeTransaction { fee: 1_500, ..in_euro("txn_fee", 0) };
    let alone = after(&payment(), &seen(&[fee]));
    assert_eq!((standing(&alone), alone.state.disputes.funds.len()), ((0, 0), 1));
    assert!(alone.state.disputes.holding_sender().is_empty());
}

#[test]
fn a_sender_is_held_while_money_is_withdrawn_and_freed_when_it_is_back() {
    let [withdrawn, back] = [transaction("txn_w", -500, 0), transaction("txn_r", 500, 0)];
    let held: BTreeSet<_> = [DisputeId::parse("dp_1").expect("id")].into();
    let none = BTreeSet::new();
    let change = |known: &Payment, seen: &Snapshot| {
        known.join(&seen.facts(known).expect("of this payment")).expect("news")
    };
    let taken = change(&payment(), &seen(std::slice::from_ref(&withdrawn)));
    assert_eq!(taken.hold, Some(SenderHoldChange { held: held.clone(), released: none.clone() }));
    let again = change(&taken.after, &dispute(1_021, DisputeStatus::UnderReview, &[]));
    assert_eq!(again.hold, None);
    let won = change(&again.after, &seen(&[withdrawn, back]));
    let released = SenderHoldChange { held: none, released: held.clone() };
    assert_eq!(won.hold, Some(released.clone()));
    let hold = payments::SenderHold::default();
    assert!(!hold.holds());
    let hold = hold.after(&taken.hold.expect("held"));
    assert!(hold.holds() && hold.disputes == held);
    assert!(!hold.after(&released).holds());
}

#[test]
fn stripes_words_for_a_disputes_status_are_read_and_an_unknown_one_stays_open() {
    use DisputeStatus as Status;
    for (word, status, closed) in [
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
        assert_eq!((Status::parse(word), status.is_closed()), (status, closed), "{word}");
        let known = after(&payment(), &dispute(1_020, status, &[]));
        assert_eq!(known.state.disputes.open().count(), usize::from(!closed), "{word}");
    }
}
