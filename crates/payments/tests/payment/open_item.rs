//! What needs attention, and when it is looked after.

use crate::fixture::*;
use payments::{
    Admission, Allowed, CARD_TESTING_FAILED_CHARGES, ChargeOutcome, ClosedReason, DisputeStatus, Fact,
    InstructionOutcome, IntentStatus, OpenItem, Payment, RefundStatus, Rollout, RolloutChange, Timestamp,
};

fn at(age_s: i64) -> Timestamp {
    Timestamp::from_seconds(CREATED_S + age_s)
}

fn open() -> Payment {
    after(&payment(), &intent(1_001, IntentStatus::RequiresPaymentMethod))
}

fn finished() -> Payment {
    after_all(&payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

fn needs(known: &Payment) -> Vec<OpenItem> {
    known.open_items().into_iter().map(|(need, _)| need).collect()
}

#[test]
fn a_finished_payment_is_not_due() {
    assert_eq!((needs(&finished()), finished().due_at()), (vec![], None));
    let canceled = after(&open(), &intent(1_002, IntentStatus::Canceled));
    assert_eq!((needs(&canceled), canceled.due_at()), (vec![], None));
    let closed = knowing(&payment(), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert_eq!((needs(&closed), closed.due_at()), (vec![], None));
}

#[test]
fn a_row_without_an_intent_is_due_after_an_hour_and_then_abandoned() {
    assert_eq!(needs(&payment()), [OpenItem::NoIntent]);
    assert_eq!(payment().due_at(), Some(at(3_600)));
    assert_eq!(payment().abandoned(at(3_599)), None);
    assert_eq!(payment().abandoned(at(3_600)), Some(ClosedReason::Abandoned));
    assert_eq!(open().abandoned(at(3_600)), None);
    let closed = knowing(&payment(), &[Fact::Closed(ClosedReason::RefusedByStripe)]);
    assert_eq!(closed.abandoned(at(3_600)), None);
}

#[test]
fn an_open_intent_is_due_after_an_hour_and_canceled_after_a_day() {
    assert_eq!(needs(&open()), [OpenItem::OpenIntent]);
    assert_eq!(open().due_at(), Some(at(3_600)));
    assert!(open().has_open_intent() && !payment().has_open_intent());
    assert!(!open().should_cancel_intent(at(86_399)));
    assert!(open().should_cancel_intent(at(86_400)));
    for ended in [IntentStatus::Succeeded, IntentStatus::Canceled] {
        let ended = after(&open(), &intent(1_002, ended));
        assert!(!ended.has_open_intent() && !ended.should_cancel_intent(at(86_400)));
    }
    assert!(!payment().should_cancel_intent(at(86_400)), "there is none");
}

#[test]
fn the_intent_of_a_closed_payment_is_canceled_at_once() {
    let closed = knowing(&open(), &[Fact::Closed(ClosedReason::RefusedByStripe)]);
    assert_eq!(needs(&closed), [OpenItem::OpenIntent]);
    assert!(closed.should_cancel_intent(at(0)) && !open().should_cancel_intent(at(0)));
}

#[test]
fn an_operator_cancels_what_an_earlier_version_of_the_rollout_allowed_and_is_open() {
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
    assert!(!allowed_by(7, open()).is_canceled_by(&rollout), "allowed since");
    for ended in [IntentStatus::Succeeded, IntentStatus::Canceled] {
        let ended = after(&open(), &intent(1_002, ended));
        assert!(!allowed_by(6, ended).is_canceled_by(&rollout), "what is paid stays paid");
    }
    assert!(!allowed_by(6, payment()).is_canceled_by(&rollout), "there is no intent");
    assert!(allowed_by(6, payment()).awaits_cancellation_by(&rollout), "it may yet come");
    assert!(!allowed_by(7, payment()).awaits_cancellation_by(&rollout));
    let closed = knowing(&allowed_by(6, payment()), &[Fact::Closed(ClosedReason::Abandoned)]);
    assert!(
        !closed.awaits_cancellation_by(&rollout) && !allowed_by(6, open()).awaits_cancellation_by(&rollout)
    );
    assert!(open().is_canceled_by(&rollout), "a row without a decision goes by its time");
    let earlier = before.changed(RolloutChange { cancel_open_at: Some(at(-1)), ..RolloutChange::default() });
    assert!(!open().is_canceled_by(&earlier));
}

#[test]
fn five_failed_charges_are_card_testing_and_tell_it_once() {
    let fail = |known: &Payment, n: usize| {
        let seen = charge(&format!("ch_{n}"), Some(ChargeOutcome::Failed));
        known.join(&seen.facts(known).expect("of this payment")).expect("news")
    };
    let mut known = open();
    for n in 1..CARD_TESTING_FAILED_CHARGES {
        let change = fail(&known, n);
        assert!(!change.card_testing && !change.after.should_cancel_intent(at(0)));
        known = change.after;
    }
    let change = fail(&known, CARD_TESTING_FAILED_CHARGES);
    assert!(change.card_testing && change.after.is_card_testing());
    assert!(change.after.should_cancel_intent(at(0)));
    assert!(!fail(&change.after, CARD_TESTING_FAILED_CHARGES + 1).card_testing);
}

#[test]
fn a_paid_payment_is_due_until_fee_and_transfer_are_known() {
    let paid = after(&open(), &intent(1_002, IntentStatus::Succeeded));
    assert_eq!((needs(&paid), paid.due_at()), (vec![OpenItem::MissingFee], Some(at(900))));
    let transferred = after(&paid, &own_transfer(&[]));
    assert_eq!(needs(&transferred), [OpenItem::MissingFee]);
    let mut without_transfer = finished();
    without_transfer.state.transfers.own = None;
    assert_eq!(needs(&without_transfer), [OpenItem::MissingFee]);
    assert_eq!(needs(&after(&paid, &charge_with_fee())), []);
}

#[test]
fn what_is_owed_and_a_movement_on_its_way_are_due_in_minutes() {
    let refunded = after(&finished(), &refund("re_1", 106, RefundStatus::Succeeded, None));
    assert_eq!((needs(&refunded), refunded.due_at()), (vec![OpenItem::ShareToRecover], Some(at(300))));
    let reversed = after(&finished(), &own_transfer(&[("trr_1", 5, None)]));
    assert_eq!(needs(&reversed), [OpenItem::ShareToRecover]);
    let decided = knowing(&refunded, &[moved(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    assert_eq!(decided.due_at(), Some(at(200 + 300)));
    let unknown = after(&decided, &own_transfer(&[("trr_1", 99, None)]));
    assert_eq!((unknown.state.to_recover(), needs(&unknown)), (0, vec![OpenItem::ShareToRecover]));
    let made = after(&decided, &own_transfer(&[("trr_1", 99, Some(1))]));
    assert_eq!(needs(&made), []);
}

#[test]
fn a_refund_is_due_until_it_has_ended() {
    let asked = knowing(&finished(), &[requested(1, 0, 5, None)]);
    assert_eq!((needs(&asked), asked.due_at()), (vec![OpenItem::UnfinishedRefund], Some(at(100 + 300))));
    let pending = after(&asked, &refund("re_1", 5, RefundStatus::Pending, Some(1)));
    assert_eq!((needs(&pending), pending.due_at()), (vec![OpenItem::UnfinishedRefund], Some(at(300))));
    let ended = after(&pending, &refund("re_1", 5, RefundStatus::Succeeded, Some(1)));
    assert_eq!(needs(&ended), []);
}

#[test]
fn a_dispute_is_due_a_day_after_it_was_seen_until_it_has_ended() {
    let disputed = after(&finished(), &dispute(1_020, DisputeStatus::NeedsResponse, &[]));
    assert_eq!((needs(&disputed), disputed.due_at()), (vec![OpenItem::OpenDispute], Some(at(20 + 86_400))));
    assert_eq!(needs(&after(&disputed, &dispute(1_021, DisputeStatus::Lost, &[]))), []);
}

#[test]
fn looks_at_what_stays_unfinished_grow_rarer_up_to_once_a_day() {
    let looked = |age_s| knowing(&open(), &[Fact::Refreshed(at(age_s))]).due_at();
    assert_eq!(looked(-1), Some(at(3_600)), "before it was made");
    assert_eq!(looked(0), Some(at(3_600)));
    assert_eq!(looked(3_600), Some(at(7_200)));
    assert_eq!(looked(10_000), Some(at(15_000)));
    assert_eq!(looked(200_000), Some(at(286_400)));
}

#[test]
fn the_most_urgent_need_decides_when_it_is_due() {
    let paid = after(&open(), &intent(1_002, IntentStatus::Succeeded));
    let owing = after(&paid, &refund("re_1", 106, RefundStatus::Pending, None));
    assert_eq!(needs(&owing), [OpenItem::MissingFee, OpenItem::ShareToRecover, OpenItem::UnfinishedRefund]);
    assert_eq!(owing.due_at(), Some(at(300)));
}
