//! What is not finished about a payment, and when it is refreshed.

use crate::fixture::*;
use payments::{
    Admission, Allowed, CARD_TESTING_FAILED_CHARGES, ChargeOutcome, ClosedReason, DisputeStatus, Fact,
    InstructionOutcome, IntentStatus, OpenItem, Payment, RefundStatus, Rollout, RolloutChange, Timestamp,
};

fn at(age_s: i64) -> Timestamp {
    Timestamp::from_seconds(CREATED_S + age_s)
}

fn open() -> Payment {
    after(&new_payment(), &intent(1_001, IntentStatus::RequiresPaymentMethod))
}

fn finished() -> Payment {
    after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

fn items(payment: &Payment) -> Vec<OpenItem> {
    payment.open_items().into_iter().map(|(item, _)| item).collect()
}

#[test]
fn a_finished_payment_is_not_due() {
    assert_eq!((items(&finished()), finished().due_at()), (vec![], None));
    let canceled = after(&open(), &intent(1_002, IntentStatus::Canceled));
    assert_eq!((items(&canceled), canceled.due_at()), (vec![], None));
    let closed = with_facts(&new_payment(), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert_eq!((items(&closed), closed.due_at()), (vec![], None));
}

#[test]
fn a_row_without_an_intent_is_due_after_an_hour_and_then_abandoned() {
    assert_eq!(items(&new_payment()), [OpenItem::NoIntent]);
    assert_eq!(new_payment().due_at(), Some(at(3_600)));
    assert_eq!(new_payment().abandoned(at(3_599)), None);
    assert_eq!(new_payment().abandoned(at(3_600)), Some(ClosedReason::Abandoned));
    assert_eq!(open().abandoned(at(3_600)), None);
    let closed = with_facts(&new_payment(), &[Fact::Closed(ClosedReason::RefusedByStripe)]);
    assert_eq!(closed.abandoned(at(3_600)), None);
}

#[test]
fn an_open_intent_is_due_after_an_hour_and_canceled_after_a_day() {
    assert_eq!(items(&open()), [OpenItem::OpenIntent]);
    assert_eq!(open().due_at(), Some(at(3_600)));
    assert!(open().has_open_intent() && !new_payment().has_open_intent());
    assert!(!open().should_cancel_intent(at(86_399)));
    assert!(open().should_cancel_intent(at(86_400)));
    for ended in [IntentStatus::Succeeded, IntentStatus::Canceled] {
        let ended = after(&open(), &intent(1_002, ended));
        assert!(!ended.has_open_intent() && !ended.should_cancel_intent(at(86_400)));
    }
    assert!(!new_payment().should_cancel_intent(at(86_400)), "without an intent");
}

#[test]
fn the_intent_of_a_closed_payment_is_canceled_at_once() {
    let closed = with_facts(&open(), &[Fact::Closed(ClosedReason::RefusedByStripe)]);
    assert_eq!(items(&closed), [OpenItem::OpenIntent]);
    assert!(closed.should_cancel_intent(at(0)) && !open().should_cancel_intent(at(0)));
}

#[test]
fn an_operator_cancels_open_payments_that_an_earlier_rollout_version_allowed() {
    let allowed_by = |version, mut payment: Payment| {
        let by = Admission::Operator;
        payment.terms.allowed =
            Some(Allowed { by, rollout_version: version, receiver_version: 1, wave_resumes: 0 });
        payment
    };
    let cancel = RolloutChange { cancel_open_at: Some(at(5)), ..RolloutChange::default() };
    let before = Rollout { version: 6, ..Rollout::default() };
    let rollout = before.changed(cancel);
    assert!(allowed_by(6, open()).is_canceled_by(&rollout) && !allowed_by(6, open()).is_canceled_by(&before));
    assert!(!allowed_by(7, open()).is_canceled_by(&rollout), "allowed later");
    for ended in [IntentStatus::Succeeded, IntentStatus::Canceled] {
        assert!(!after(&open(), &intent(1_002, ended)).has_open_intent(), "what is paid stays paid");
    }
    assert!(new_payment().awaits_intent() && !open().awaits_intent(), "its intent may still be created");
    let closed = with_facts(&new_payment(), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert!(!closed.awaits_intent());
    assert!(open().is_canceled_by(&rollout), "without a decision, the time of creation counts");
    let earlier = before.changed(RolloutChange { cancel_open_at: Some(at(-1)), ..RolloutChange::default() });
    assert!(!open().is_canceled_by(&earlier));
}

#[test]
fn five_failed_charges_are_reported_once_as_card_testing() {
    let fail = |payment: &Payment, n: usize| {
        let snapshot = charge(&format!("ch_{n}"), Some(ChargeOutcome::Failed));
        payment.join(&snapshot.facts(payment).expect("of this payment")).expect("a change")
    };
    let mut payment = open();
    for n in 1..CARD_TESTING_FAILED_CHARGES {
        let change = fail(&payment, n);
        assert!(!change.card_testing && !change.after.should_cancel_intent(at(0)));
        payment = change.after;
    }
    let change = fail(&payment, CARD_TESTING_FAILED_CHARGES);
    assert!(change.card_testing && change.after.is_card_testing());
    assert!(change.after.should_cancel_intent(at(0)));
    assert!(!fail(&change.after, CARD_TESTING_FAILED_CHARGES + 1).card_testing);
}

#[test]
fn a_paid_payment_is_due_until_fee_and_transfer_are_known() {
    let paid = after(&open(), &intent(1_002, IntentStatus::Succeeded));
    assert_eq!((items(&paid), paid.due_at()), (vec![OpenItem::MissingChargeDetails], Some(at(1_800))));
    let transferred = after(&paid, &own_transfer(&[]));
    assert_eq!(items(&transferred), [OpenItem::MissingChargeDetails]);
    let mut without_transfer = finished();
    without_transfer.state.transfers.originals.clear();
    assert_eq!(items(&without_transfer), [OpenItem::MissingChargeDetails]);
    assert_eq!(items(&after(&paid, &charge_with_fee())), []);
}

#[test]
fn an_amount_to_recover_and_an_outstanding_instruction_are_due_in_minutes() {
    let refunded = after(&finished(), &refund("re_1", 106, RefundStatus::Succeeded, None));
    assert_eq!((items(&refunded), refunded.due_at()), (vec![OpenItem::UnbalancedShare], Some(at(300))));
    let reversed = after(&finished(), &own_transfer(&[("trr_1", 5, None)]));
    assert_eq!(items(&reversed), [OpenItem::UnbalancedShare]);
    let decided =
        with_facts(&refunded, &[instruction(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    assert_eq!(decided.due_at(), Some(at(200 + 300)));
    let unknown = after(&decided, &own_transfer(&[("trr_1", 99, None)]));
    assert_eq!((unknown.state.to_recover(), items(&unknown)), (0, vec![OpenItem::UnbalancedShare]));
    let executed = after(&decided, &own_transfer(&[("trr_1", 99, Some(1))]));
    assert_eq!(items(&executed), []);
}

#[test]
fn a_refund_is_due_until_it_has_ended() {
    let requested_refund = with_facts(&finished(), &[requested(1, 0, 5, None)]);
    assert_eq!(
        (items(&requested_refund), requested_refund.due_at()),
        (vec![OpenItem::UnfinishedRefund], Some(at(100 + 300)))
    );
    let pending = after(&requested_refund, &refund("re_1", 5, RefundStatus::Pending, Some(1)));
    assert_eq!((items(&pending), pending.due_at()), (vec![OpenItem::UnfinishedRefund], Some(at(100 + 300))));
    let ended = after(&pending, &refund("re_1", 5, RefundStatus::Succeeded, Some(1)));
    assert_eq!(items(&ended), []);
}

#[test]
fn a_dispute_is_due_a_day_after_it_was_seen_until_it_has_ended() {
    let disputed = after(&finished(), &dispute(1_020, DisputeStatus::NeedsResponse, &[]));
    assert_eq!((items(&disputed), disputed.due_at()), (vec![OpenItem::OpenDispute], Some(at(20 + 86_400))));
    assert_eq!(items(&after(&disputed, &dispute(1_021, DisputeStatus::Lost, &[]))), []);
}

#[test]
fn pauses_between_refreshes_grow_up_to_a_day() {
    let due_when_refreshed_at = |age_s| with_facts(&open(), &[Fact::Refreshed(at(age_s))]).due_at();
    assert_eq!(due_when_refreshed_at(-1), Some(at(3_600)), "refreshed before it was created");
    assert_eq!(due_when_refreshed_at(0), Some(at(3_600)));
    assert_eq!(due_when_refreshed_at(3_600), Some(at(7_200)));
    assert_eq!(due_when_refreshed_at(10_000), Some(at(15_000)));
    assert_eq!(due_when_refreshed_at(200_000), Some(at(286_400)));
}

#[test]
fn an_open_intent_is_due_when_its_lifetime_ends() {
    let due_when_refreshed_at = |age_s| with_facts(&open(), &[Fact::Refreshed(at(age_s))]).due_at();
    assert_eq!(due_when_refreshed_at(74_579), Some(at(86_400)), "before half of its age has passed");
    assert_eq!(due_when_refreshed_at(86_399), Some(at(86_400)));
    assert_eq!(due_when_refreshed_at(86_400), Some(at(129_600)), "it could not be canceled");
    let canceled = after(&open(), &intent(1_002, IntentStatus::Canceled));
    assert_eq!(canceled.due_at(), None);
}

#[test]
fn the_most_urgent_open_item_decides_when_a_payment_is_due() {
    let paid = after(&open(), &intent(1_002, IntentStatus::Succeeded));
    let unrecovered = after(&paid, &refund("re_1", 106, RefundStatus::Pending, None));
    assert_eq!(
        items(&unrecovered),
        [OpenItem::MissingChargeDetails, OpenItem::UnbalancedShare, OpenItem::UnfinishedRefund]
    );
    assert_eq!(unrecovered.due_at(), Some(at(300)));
}

#[test]
fn a_refund_of_a_payment_that_was_refreshed_before_is_due_minutes_after_its_request() {
    let refreshed = with_facts(&finished(), &[Fact::Refreshed(at(50)), requested(1, 0, 5, None)]);
    let pending = after(&refreshed, &refund("re_1", 5, RefundStatus::Pending, Some(1)));
    assert_eq!((items(&pending), pending.due_at()), (vec![OpenItem::UnfinishedRefund], Some(at(100 + 300))));
    let later = with_facts(&pending, &[Fact::Refreshed(at(1_100))]);
    assert_eq!(later.due_at(), Some(at(1_600)), "half of its age");
}
