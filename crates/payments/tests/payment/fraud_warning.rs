//! Early fraud warnings: what follows from one is decided once, whoever sees it first.

use crate::fixture::*;
use crate::transfer::paid;
use payments::{
    DisputeStatus, Fact, FraudResponse, FraudType, FraudWarningFact, FraudWarningId, FraudWarningPolicy,
    FraudWarningSnapshot, IntentId, IntentStatus, Payment, RefundFact, RefundRequestId, RefundStatus,
    Snapshot, Timestamp, entries,
};

fn id(id: &str) -> FraudWarningId {
    FraudWarningId::parse(id).expect("id")
}

fn warning(id: &str, actionable: bool) -> Snapshot {
    Snapshot::FraudWarning(FraudWarningSnapshot {
        id: self::id(id),
        intent: IntentId::parse("pi_1").ok(),
        fraud_type: FraudType::MadeWithStolenCard,
        actionable,
        warned_at: Timestamp::from_seconds(CREATED_S + 500),
    })
}

fn now() -> Timestamp {
    Timestamp::from_seconds(CREATED_S + 1_000)
}

/// What a write joins for a snapshot.
fn learned(payment: &Payment, policy: &FraudWarningPolicy, snapshot: &Snapshot) -> Payment {
    let facts = snapshot.facts(payment).expect("of this payment");
    let facts = payment.with_fraud_responses(facts, policy, now());
    with_facts(payment, &payment.with_decisions(facts, now()))
}

fn response(payment: &Payment) -> Option<FraudResponse> {
    payment.state.fraud_warnings.responses.get(&id("issfr_1")).copied()
}

/// What the requested refunds return of the chosen amount and of the fee.
fn requested(payment: &Payment) -> Vec<(i64, i64)> {
    let requests = payment.state.refunds.requested.values();
    requests.map(|requested| (requested.request.creator, requested.request.platform)).collect()
}

#[test]
fn a_warning_asks_for_one_refund_of_everything_with_the_fee() {
    let warned = learned(&paid(), &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    assert_eq!((response(&warned), requested(&warned)), (Some(FraudResponse::Refund), vec![(CHOSEN, 61)]));
    let request = RefundRequestId::of_warning(warned.id(), &id("issfr_1"));
    assert_eq!(warned.open_fraud_refund(), Some(&request));
    assert_eq!(entries(&warned), entries(&paid()), "a warning moves no money");
    for again in [warning("issfr_1", true), warning("issfr_1", false)] {
        let again = learned(&warned, &FraudWarningPolicy::Refund, &again);
        assert_eq!((again.open_fraud_refund(), requested(&again).len()), (Some(&request), 1));
    }
    let other = learned(&warned, &FraudWarningPolicy::Refund, &warning("issfr_2", true));
    assert_eq!(other.state.fraud_warnings.responses[&id("issfr_2")], FraudResponse::NotRefundable);
    assert_eq!(requested(&other).len(), 1);
}

#[test]
fn what_the_sender_was_refunded_already_is_not_refunded_again() {
    let part = after(&paid(), &refund("re_1", 106, RefundStatus::Succeeded, None));
    let warned = learned(&part, &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    let returned: i64 = requested(&warned).iter().map(|(creator, platform)| creator + platform).sum();
    assert_eq!(returned, TOTAL - 106);
    let all = after(&paid(), &refund("re_1", TOTAL, RefundStatus::Succeeded, None));
    let warned = learned(&all, &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    assert_eq!((response(&warned), requested(&warned)), (Some(FraudResponse::NotRefundable), vec![]));
}

#[test]
fn the_fee_that_the_senders_refund_left_is_refunded_because_it_can_still_be_disputed() {
    let asked = with_facts(&paid(), &[crate::fixture::requested(1, CHOSEN, 0, None)]);
    let made = after(&asked, &refund("re_1", CHOSEN, RefundStatus::Succeeded, Some(1)));
    for payment in [asked, made] {
        let warned = learned(&payment, &FraudWarningPolicy::Refund, &warning("issfr_1", true));
        assert_eq!(response(&warned), Some(FraudResponse::Refund));
        let request = warned.open_fraud_refund().expect("a request").clone();
        let asked = &warned.state.refunds.requested[&request].request;
        assert_eq!((asked.creator, asked.platform), (0, TOTAL - CHOSEN));
        let of_fee = |status| {
            let snapshot = refund_snapshot("re_2", TOTAL - CHOSEN, status, None);
            Snapshot::Refund(payments::RefundSnapshot { request: Some(request.clone()), ..snapshot })
        };
        let refunded = learned(&warned, &FraudWarningPolicy::Refund, &of_fee(RefundStatus::Succeeded));
        assert_eq!(refunded.state.to_recover(), warned.state.to_recover(), "none of it is the creator's");
        let platform = |payment: &Payment| crate::ledger::balance(payment, "platform");
        assert_eq!(platform(&refunded), platform(&warned) - (TOTAL - CHOSEN));
        crate::ledger::assert_sound(&refunded);
        let again = learned(&refunded, &FraudWarningPolicy::Refund, &warning("issfr_2", true));
        assert_eq!(again.state.fraud_warnings.responses[&id("issfr_2")], FraudResponse::NotRefundable);
        let failed = learned(&refunded, &FraudWarningPolicy::Refund, &of_fee(RefundStatus::Failed));
        assert_eq!((platform(&failed), failed.open_fraud_refund()), (platform(&warned), None));
        crate::ledger::assert_sound(&failed);
    }
}

#[test]
fn a_warning_is_answered_by_a_refund_however_many_were_requested() {
    let twenty: Vec<Fact> = (1..=20).map(|n| crate::fixture::requested(n, 1, 0, None)).collect();
    let warned =
        learned(&with_facts(&paid(), &twenty), &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    let request = warned.open_fraud_refund().map(|id| &warned.state.refunds.requested[id].request);
    assert_eq!(request.map(|request| (request.creator, request.platform)), Some((CHOSEN - 20, 61)));
}

#[test]
fn a_disputed_payment_is_not_refunded_and_an_inquiry_is_answered_by_the_refund() {
    let policy = FraudWarningPolicy::Refund;
    let withdrawn = [transaction("txn_1", -TOTAL, 1_500)];
    for disputed in [
        dispute(2_000, DisputeStatus::NeedsResponse, &withdrawn),
        dispute(2_000, DisputeStatus::NeedsResponse, &[]),
        dispute(2_000, DisputeStatus::UnderReview, &[]),
        dispute(2_000, DisputeStatus::Lost, &[transaction("txn_1", -500, 1_500)]),
    ] {
        let warned = learned(&after(&paid(), &disputed), &policy, &warning("issfr_1", true));
        assert_eq!(response(&warned), Some(FraudResponse::NotRefundable), "{disputed:?}");
    }
    let too_late = learned(&paid(), &policy, &warning("issfr_1", false));
    assert_eq!(response(&too_late), Some(FraudResponse::NotRefundable));
    let inquiry = after(&paid(), &dispute(2_000, DisputeStatus::WarningNeedsResponse, &[]));
    assert_eq!(response(&learned(&inquiry, &policy, &warning("issfr_1", true))), Some(FraudResponse::Refund));
}

#[test]
fn a_response_stands_whatever_comes_later() {
    let alarmed = learned(&paid(), &FraudWarningPolicy::Alarm, &warning("issfr_1", true));
    assert_eq!((response(&alarmed), requested(&alarmed)), (Some(FraudResponse::Alarm), vec![]));
    let later = learned(&alarmed, &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    assert_eq!(later, alarmed, "the policy has changed");
    let withdrawn = [transaction("txn_1", -TOTAL, 1_500)];
    let disputed = after(&paid(), &dispute(2_000, DisputeStatus::NeedsResponse, &withdrawn));
    let warned = learned(&disputed, &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    let reinstated = [transaction("txn_1", -TOTAL, 1_500), transaction("txn_2", TOTAL, 0)];
    let won = learned(&warned, &FraudWarningPolicy::Refund, &dispute(3_000, DisputeStatus::Won, &reinstated));
    assert_eq!((response(&won), requested(&won)), (Some(FraudResponse::NotRefundable), vec![]));
}

#[test]
fn a_warning_that_comes_before_the_payment_waits_for_it() {
    let early = learned(&new_payment(), &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    assert_eq!((response(&early), requested(&early)), (None, vec![]));
    let paid = learned(&early, &FraudWarningPolicy::Refund, &intent(1_001, IntentStatus::Succeeded));
    assert_eq!((response(&paid), requested(&paid)), (Some(FraudResponse::Refund), vec![(CHOSEN, 61)]));
}

#[test]
fn the_refund_of_a_warning_recovers_the_share_and_a_refused_one_leaves_it() {
    let warned = learned(&paid(), &FraudWarningPolicy::Refund, &warning("issfr_1", true));
    let request = RefundRequestId::of_warning(warned.id(), &id("issfr_1"));
    let made = payments::RefundSnapshot {
        request: Some(request.clone()),
        ..refund_snapshot("re_1", TOTAL, RefundStatus::Succeeded, None)
    };
    let refunded = learned(&warned, &FraudWarningPolicy::Refund, &Snapshot::Refund(made));
    assert_eq!((refunded.state.to_recover(), refunded.open_fraud_refund()), (CHOSEN, None));
    assert!(refunded.state.transfers.outstanding().is_some());
    let mut asked = warned.state.refunds.requested[&request].clone();
    asked.refused = Some("charge_disputed".to_owned());
    let refused = with_facts(&warned, &[Fact::Refund(RefundFact::Requested(request, asked))]);
    assert_eq!((refused.state.to_recover(), refused.refundable()), (0, CHOSEN));
}

#[test]
fn a_warning_of_another_intent_is_not_the_payments() {
    let Snapshot::FraudWarning(ours) = warning("issfr_1", true) else { panic!("a warning") };
    let other = Snapshot::FraudWarning(FraudWarningSnapshot { intent: IntentId::parse("pi_2").ok(), ..ours });
    assert_eq!(other.facts(&paid()).expect_err("another intent").field, "intent");
}

#[test]
fn a_fraud_type_and_a_response_are_written_as_stripe_and_the_api_have_them() {
    for word in ["card_never_received", "made_with_stolen_card", "misc", "unauthorized_use_of_card"] {
        assert_eq!(FraudType::parse(word).to_string(), word);
    }
    assert_eq!(FraudType::parse("something_new").to_string(), "other");
    assert_eq!(FraudResponse::NotRefundable.to_string(), "not_refundable");
}

#[test]
fn what_a_warning_says_joins_in_any_order() {
    let [early, late] = [true, false].map(|actionable| warning("issfr_1", actionable));
    let facts = |snapshot: &Snapshot| snapshot.facts(&paid()).expect("of this payment");
    let orders = [[&early, &late], [&late, &early]].map(|order| order.map(facts).concat());
    let joined = orders.map(|facts| with_facts(&paid(), &facts).state.fraud_warnings);
    assert_eq!(joined[0], joined[1]);
    assert!(joined[0].received[&id("issfr_1")].is_too_late);
    let Snapshot::FraudWarning(other) = warning("issfr_1", true) else { panic!("a warning") };
    let other = Snapshot::FraudWarning(FraudWarningSnapshot {
        fraud_type: FraudType::UnauthorizedUseOfCard,
        ..other
    });
    let again = with_facts(&paid(), &[facts(&late), facts(&other)].concat());
    assert!(again.state.fraud_warnings.received[&id("issfr_1")].is_too_late, "whatever its type is now");
    let Some(Fact::FraudWarning(FraudWarningFact::Received(..))) = facts(&early).into_iter().next() else {
        panic!("a received warning")
    };
}
