//! Which refunds are made, and that they never give back more than was paid.

use crate::fixture::*;
use payments::{
    DisputeStatus, Fact, FeeBearer, IntentStatus, Payment, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy,
    RefundRefusal as Refusal, RefundStatus, RefundTerms, Timestamp,
};
use proptest::prelude::*;

const WINDOW_S: i64 = 7 * 86_400;

fn policy(fee_bearer: FeeBearer) -> RefundPolicy {
    RefundPolicy { window_s: WINDOW_S, fee_bearer }
}

fn decide_at(known: &Payment, amount: Option<i64>, by: RefundBy, age_s: i64) -> Result<RefundTerms, Refusal> {
    let now = Timestamp::from_seconds(CREATED_S + age_s);
    known.decide_refund(amount, by, policy(FeeBearer::Sender), now)
}

fn decide(known: &Payment, amount: Option<i64>, bearer: FeeBearer) -> Result<RefundTerms, Refusal> {
    let now = Timestamp::from_seconds(CREATED_S + 60);
    known.decide_refund(amount, RefundBy::Sender, policy(bearer), now)
}

fn paid() -> Payment {
    after(&payment(), &intent(1_001, IntentStatus::Succeeded))
}

fn terms(creator: i64, platform: i64) -> Result<RefundTerms, Refusal> {
    Ok(RefundTerms { creator, platform })
}

#[test]
fn only_a_paid_payment_is_refunded() {
    assert_eq!(decide(&payment(), None, FeeBearer::Sender), Err(Refusal::NotSettled));
    assert_eq!(decide(&paid(), None, FeeBearer::Sender), terms(1_000, 0));
}

#[test]
fn the_senders_time_ends_and_the_operators_does_not() {
    let closed_at = Timestamp::from_seconds(CREATED_S + WINDOW_S);
    assert_eq!(decide_at(&paid(), None, RefundBy::Sender, WINDOW_S - 1), terms(1_000, 0));
    let closed = Err(Refusal::WindowClosed { closed_at });
    assert_eq!(decide_at(&paid(), None, RefundBy::Sender, WINDOW_S), closed);
    assert_eq!(decide_at(&paid(), None, RefundBy::Operator, WINDOW_S), terms(1_000, 0));
}

#[test]
fn what_is_asked_must_be_positive_left_and_of_the_currencys_step() {
    let asked = knowing(&paid(), &[requested(1, 300, 0, None)]);
    assert_eq!(decide(&asked, Some(700), FeeBearer::Sender), terms(700, 0));
    assert_eq!(decide(&asked, Some(701), FeeBearer::Sender), Err(Refusal::AboveRefundable { left: 700 }));
    assert_eq!(decide(&asked, Some(1), FeeBearer::Sender), terms(1, 0));
    for amount in [0, -1, i64::MIN] {
        assert_eq!(decide(&asked, Some(amount), FeeBearer::Sender), Err(Refusal::NotPositive));
    }
    assert_eq!(
        decide(&asked, Some(i64::MAX), FeeBearer::Platform),
        Err(Refusal::AboveRefundable { left: 700 })
    );
    let krona = knowing(&payment_in("isk", 100_000, 106_100), &[Fact::Succeeded]);
    assert_eq!(decide(&krona, Some(150), FeeBearer::Sender), Err(Refusal::NotAStep { step: 100 }));
    assert_eq!(decide(&krona, Some(5_000), FeeBearer::Platform), terms(5_000, 300));
}

#[test]
fn nothing_is_refunded_twice_and_nothing_that_the_bank_took() {
    let all = knowing(&paid(), &[requested(1, 1_000, 0, None)]);
    assert_eq!(decide(&all, None, FeeBearer::Sender), Err(Refusal::NothingLeft));
    let refused = knowing(&all, &[requested(1, 1_000, 0, Some("charge_disputed"))]);
    assert_eq!(decide(&refused, None, FeeBearer::Sender), terms(1_000, 0));
    let failed = after(&all, &refund("re_1", 1_000, RefundStatus::Failed, Some(1)));
    assert_eq!(decide(&failed, None, FeeBearer::Sender), terms(1_000, 0));
    let withdrawn = [transaction("txn_w", -100, 0)];
    let disputed = after(&paid(), &dispute(1_002, DisputeStatus::NeedsResponse, &withdrawn));
    assert_eq!(decide(&disputed, None, FeeBearer::Sender), Err(Refusal::Disputed));
    let [w, r] = [withdrawn[0].clone(), transaction("txn_r", 100, 0)];
    let won = after(&disputed, &dispute(1_003, DisputeStatus::Won, &[w, r]));
    assert_eq!(decide(&won, None, FeeBearer::Sender), terms(1_000, 0));
}

#[test]
fn requests_are_bounded() {
    let most = u8::try_from(REFUND_REQUESTS_MAX).expect("few");
    let asked = |count: u8| {
        let refused: Vec<_> = (0..count).map(|n| requested(n, 1, 0, Some("unknown"))).collect();
        knowing(&paid(), &refused)
    };
    assert_eq!(decide(&asked(most - 1), None, FeeBearer::Sender), terms(1_000, 0));
    assert_eq!(decide(&asked(most), None, FeeBearer::Sender), Err(Refusal::TooMany));
}

#[test]
fn the_platform_bears_the_fee_in_proportion_and_the_rest_of_it_with_the_last() {
    assert_eq!(decide(&paid(), Some(250), FeeBearer::Platform), terms(250, 15));
    assert_eq!(decide(&paid(), None, FeeBearer::Platform), terms(1_000, 61));
    let partly = knowing(&paid(), &[requested(1, 250, 15, None)]);
    assert_eq!(decide(&partly, None, FeeBearer::Platform), terms(750, 46));
    let seen = after(&partly, &refund("re_1", 265, RefundStatus::Pending, Some(1)));
    assert_eq!(decide(&seen, Some(750), FeeBearer::Platform), terms(750, 46));
    assert_eq!(decide(&seen, Some(749), FeeBearer::Platform), terms(749, 45));
    let spent = knowing(&paid(), &[requested(1, 250, 60, None)]);
    assert_eq!(decide(&spent, Some(700), FeeBearer::Platform), terms(700, 1));
    assert_eq!(decide(&spent, Some(750), FeeBearer::Sender), terms(750, 0));
}

#[test]
fn a_request_is_answered_by_its_refund_whatever_came_of_it() {
    let asked = knowing(&paid(), &[requested(1, 300, 5, None), requested(2, 200, 0, None)]);
    let refunds = &asked.state.refunds;
    assert_eq!((refunds.unanswered().count(), refunds.made(&request_id(1))), (2, None));
    assert_eq!((refunds.creator_committed(), refunds.platform_committed()), (500, 5));
    let known = after(&asked, &refund("re_1", 305, RefundStatus::Failed, Some(1)));
    let refunds = &known.state.refunds;
    let open: Vec<_> = refunds.unanswered().map(|(id, _)| id.clone()).collect();
    assert_eq!(open, [request_id(2)]);
    let made = refunds.made(&request_id(1)).map(|(id, refund)| (id.as_str(), refund.status));
    assert_eq!(made, Some(("re_1", RefundStatus::Failed)));
    assert_eq!((refunds.creator_committed(), refunds.platform_committed()), (200, 0));
}

#[test]
fn a_refunds_status_only_rises() {
    use RefundStatus::{Canceled, Failed, Pending, RequiresAction, Succeeded};
    let ranks = [Pending, RequiresAction, Succeeded, Canceled, Failed];
    assert!(ranks.is_sorted());
    for (status, undone, unfinished) in [
        (Pending, false, true),
        (RequiresAction, false, true),
        (Succeeded, false, false),
        (Canceled, true, false),
        (Failed, true, false),
    ] {
        assert_eq!((status.has_failed(), status.is_unfinished()), (undone, unfinished));
    }
    let known = after_all(&paid(), &[Failed, Succeeded].map(|status| refund("re_1", 1_061, status, None)));
    assert_eq!(known.state.refunds.creator_amount(), 0);
}

/// What can happen around refunds: asked, made, refused, undone, made in the dashboard, disputed and won.
fn step(known: &Payment, at: usize, step: u8, amount: i64, bearer: FeeBearer) -> Payment {
    let n = u8::try_from(at).expect("few");
    let open = known.state.refunds.unanswered().next().map(|(id, request)| (id.clone(), request.clone()));
    let number = |id: &payments::RefundRequestId| u8::from_str_radix(&id.as_str()[4..], 16).expect("small");
    match (step, open) {
        (0 | 1, _) => {
            let part = (step == 0).then_some(amount);
            let Ok(made) = decide(known, part, bearer) else { return known.clone() };
            let fee = made.platform + known.state.refunds.platform_committed();
            assert!(made.creator > 0 && made.platform >= 0 && (made.platform == 0 || fee <= TOTAL - CHOSEN));
            knowing(known, &[requested(n, made.creator, made.platform, None)])
        }
        (2, Some((id, request))) => {
            let whole = request.creator + request.platform;
            after(known, &refund(&format!("re_{at}"), whole, RefundStatus::Succeeded, Some(number(&id))))
        }
        (3, Some((id, request))) => {
            knowing(known, &[requested(number(&id), request.creator, request.platform, Some("refused"))])
        }
        (4, _) => after(known, &refund(&format!("re_{at}"), amount, RefundStatus::Succeeded, None)),
        (5, _) => {
            let withdrawn = transaction(&format!("txn_{at}"), -amount, 1_500);
            after(known, &dispute(1_020, DisputeStatus::NeedsResponse, &[withdrawn]))
        }
        (6, _) => {
            let back = transaction(&format!("txn_{at}"), known.state.disputes.charged_amount(), 0);
            after(known, &dispute(1_020, DisputeStatus::Won, &[back]))
        }
        _ => known.clone(),
    }
}

proptest! {
    #[test]
    fn refunds_and_disputes_never_take_more_than_was_chosen(
        steps in prop::collection::vec((0_u8..7, 1_i64..=TOTAL), 0..14), platform_bears in any::<bool>(),
    ) {
        let bearer = if platform_bears { FeeBearer::Platform } else { FeeBearer::Sender };
        let mut known = paid();
        for (at, (kind, amount)) in steps.into_iter().enumerate() {
            known = step(&known, at, kind, amount, bearer);
            let state = &known.state;
            let taken = state.refunds.creator_committed() + state.disputes.creator_amount();
            prop_assert!((0..=CHOSEN).contains(&taken), "{} of {}", taken, CHOSEN);
            prop_assert_eq!(known.refundable(), CHOSEN - taken);
        }
    }
}
