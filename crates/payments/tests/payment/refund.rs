//! Which refunds are allowed, and that they never exceed what was paid.

use crate::fixture::*;
use payments::{
    DisputeStatus, Fact, FeeBearer, IntentStatus, Payment, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy,
    RefundProgress, RefundRefusal as Refusal, RefundStatus, RefundTerms, Timestamp,
};
use proptest::prelude::*;

const WINDOW_S: i64 = 7 * 86_400;

fn policy(fee_bearer: FeeBearer) -> RefundPolicy {
    RefundPolicy { window_s: WINDOW_S, fee_bearer }
}

fn decide_at(
    payment: &Payment,
    amount: Option<i64>,
    by: RefundBy,
    age_s: i64,
) -> Result<RefundTerms, Refusal> {
    let now = Timestamp::from_seconds(CREATED_S + age_s);
    payment.decide_refund(amount, by, policy(FeeBearer::Sender), now)
}

fn decide(payment: &Payment, amount: Option<i64>, bearer: FeeBearer) -> Result<RefundTerms, Refusal> {
    let now = Timestamp::from_seconds(CREATED_S + 60);
    payment.decide_refund(amount, RefundBy::Sender, policy(bearer), now)
}

fn paid() -> Payment {
    after(&new_payment(), &intent(1_001, IntentStatus::Succeeded))
}

fn terms(creator: i64, platform: i64) -> Result<RefundTerms, Refusal> {
    Ok(RefundTerms { creator, platform })
}

#[test]
fn only_a_paid_payment_is_refunded() {
    assert_eq!(decide(&new_payment(), None, FeeBearer::Sender), Err(Refusal::NotSettled));
    assert_eq!(decide(&paid(), None, FeeBearer::Sender), terms(1_000, 0));
}

#[test]
fn the_window_closes_for_senders_and_not_for_operators() {
    let closed_at = Timestamp::from_seconds(CREATED_S + WINDOW_S);
    assert_eq!(decide_at(&paid(), None, RefundBy::Sender, WINDOW_S - 1), terms(1_000, 0));
    let closed = Err(Refusal::WindowClosed { closed_at });
    assert_eq!(decide_at(&paid(), None, RefundBy::Sender, WINDOW_S), closed);
    assert_eq!(decide_at(&paid(), None, RefundBy::Operator, WINDOW_S), terms(1_000, 0));
}

#[test]
fn an_amount_must_be_positive_available_and_a_multiple_of_the_step() {
    let requested_refund = with_facts(&paid(), &[requested(1, 300, 0, None)]);
    assert_eq!(decide(&requested_refund, Some(700), FeeBearer::Sender), terms(700, 0));
    assert_eq!(
        decide(&requested_refund, Some(701), FeeBearer::Sender),
        Err(Refusal::AboveRefundable { left: 700 })
    );
    assert_eq!(decide(&requested_refund, Some(1), FeeBearer::Sender), terms(1, 0));
    for amount in [0, -1, i64::MIN] {
        assert_eq!(decide(&requested_refund, Some(amount), FeeBearer::Sender), Err(Refusal::NotPositive));
    }
    assert_eq!(
        decide(&requested_refund, Some(i64::MAX), FeeBearer::Platform),
        Err(Refusal::AboveRefundable { left: 700 })
    );
    let in_krona = with_facts(&payment_in("isk", 100_000, 106_100), &[Fact::Succeeded]);
    assert_eq!(decide(&in_krona, Some(150), FeeBearer::Sender), Err(Refusal::NotAStep { step: 100 }));
    assert_eq!(decide(&in_krona, Some(5_000), FeeBearer::Platform), terms(5_000, 300));
}

#[test]
fn nothing_is_refunded_twice_or_while_a_dispute_withdraws_it() {
    let all = with_facts(&paid(), &[requested(1, 1_000, 0, None)]);
    assert_eq!(decide(&all, None, FeeBearer::Sender), Err(Refusal::NothingLeft));
    let refused = with_facts(&all, &[requested(1, 1_000, 0, Some("charge_disputed"))]);
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
fn refund_requests_are_limited() {
    let most = u8::try_from(REFUND_REQUESTS_MAX).expect("few");
    let requested_refund = |count: u8| {
        let refused: Vec<_> = (0..count).map(|n| requested(n, 1, 0, Some("unknown"))).collect();
        with_facts(&paid(), &refused)
    };
    assert_eq!(decide(&requested_refund(most - 1), None, FeeBearer::Sender), terms(1_000, 0));
    assert_eq!(decide(&requested_refund(most), None, FeeBearer::Sender), Err(Refusal::TooMany));
}

#[test]
fn the_fee_is_refunded_in_proportion_and_its_rest_with_the_last_refund() {
    assert_eq!(decide(&paid(), Some(250), FeeBearer::Platform), terms(250, 15));
    assert_eq!(decide(&paid(), None, FeeBearer::Platform), terms(1_000, 61));
    let partly = with_facts(&paid(), &[requested(1, 250, 15, None)]);
    assert_eq!(decide(&partly, None, FeeBearer::Platform), terms(750, 46));
    let refunded = after(&partly, &refund("re_1", 265, RefundStatus::Pending, Some(1)));
    assert_eq!(decide(&refunded, Some(750), FeeBearer::Platform), terms(750, 46));
    assert_eq!(decide(&refunded, Some(749), FeeBearer::Platform), terms(749, 45));
    let spent = with_facts(&paid(), &[requested(1, 250, 60, None)]);
    assert_eq!(decide(&spent, Some(700), FeeBearer::Platform), terms(700, 1));
    assert_eq!(decide(&spent, Some(750), FeeBearer::Sender), terms(750, 0));
}

#[test]
fn a_request_is_fulfilled_by_its_refund_even_if_that_fails() {
    let requested_refund = with_facts(&paid(), &[requested(1, 300, 5, None), requested(2, 200, 0, None)]);
    let refunds = &requested_refund.state.refunds;
    assert_eq!((refunds.open_requests().count(), refunds.refund_for(&request_id(1))), (2, None));
    assert_eq!((refunds.creator_committed(), refunds.platform_committed()), (500, 5));
    let payment = after(&requested_refund, &refund("re_1", 305, RefundStatus::Failed, Some(1)));
    let refunds = &payment.state.refunds;
    let open: Vec<_> = refunds.open_requests().map(|(id, _)| id.clone()).collect();
    assert_eq!(open, [request_id(2)]);
    let made = refunds.refund_for(&request_id(1)).map(|(id, refund)| (id.as_str(), refund.status));
    assert_eq!(made, Some(("re_1", RefundStatus::Failed)));
    assert_eq!((refunds.creator_committed(), refunds.platform_committed()), (200, 0));
}

#[test]
fn a_refunds_status_only_rises() {
    use RefundStatus::{Canceled, Failed, Pending, RequiresAction, Succeeded};
    let ranks = [Pending, RequiresAction, Succeeded, Canceled, Failed];
    assert!(ranks.is_sorted());
    for (status, failed, unfinished) in [
        (Pending, false, true),
        (RequiresAction, false, true),
        (Succeeded, false, false),
        (Canceled, true, false),
        (Failed, true, false),
    ] {
        assert_eq!((status.has_failed(), status.is_unfinished()), (failed, unfinished));
    }
    let payment = after_all(&paid(), &[Failed, Succeeded].map(|status| refund("re_1", 1_061, status, None)));
    assert_eq!(payment.state.refunds.creator_amount(), 0);
}

/// What can happen to refunds: requested, made, refused, made in the dashboard, disputed, and won.
fn step(payment: &Payment, at: usize, step: u8, amount: i64, bearer: FeeBearer) -> Payment {
    let n = u8::try_from(at).expect("few");
    let open =
        payment.state.refunds.open_requests().next().map(|(id, request)| (id.clone(), request.clone()));
    let number = |id: &payments::RefundRequestId| u8::from_str_radix(&id.as_str()[4..], 16).expect("small");
    match (step, open) {
        (0 | 1, _) => {
            let part = (step == 0).then_some(amount);
            let Ok(made) = decide(payment, part, bearer) else { return payment.clone() };
            let fee = made.platform + payment.state.refunds.platform_committed();
            assert!(made.creator > 0 && made.platform >= 0 && (made.platform == 0 || fee <= TOTAL - CHOSEN));
            with_facts(payment, &[requested(n, made.creator, made.platform, None)])
        }
        (2, Some((id, request))) => {
            let whole = request.creator + request.platform;
            after(payment, &refund(&format!("re_{at}"), whole, RefundStatus::Succeeded, Some(number(&id))))
        }
        (3, Some((id, request))) => {
            with_facts(payment, &[requested(number(&id), request.creator, request.platform, Some("refused"))])
        }
        (4, _) => after(payment, &refund(&format!("re_{at}"), amount, RefundStatus::Succeeded, None)),
        (5, _) => {
            let withdrawn = transaction(&format!("txn_{at}"), -amount, 1_500);
            after(payment, &dispute(1_020, DisputeStatus::NeedsResponse, &[withdrawn]))
        }
        (6, _) => {
            let back = transaction(&format!("txn_{at}"), payment.state.disputes.charged_amount(), 0);
            after(payment, &dispute(1_020, DisputeStatus::Won, &[back]))
        }
        _ => payment.clone(),
    }
}

#[test]
fn refunds_are_those_of_requests_with_what_came_of_them_and_then_those_made_elsewhere() {
    let facts = [
        requested(1, 300, 10, None),
        requested(2, 200, 0, Some("charge_disputed")),
        requested(3, 100, 5, None),
    ];
    let payment = with_facts(&new_payment(), &facts);
    let payment = after(&payment, &refund("re_1", 310, RefundStatus::Succeeded, Some(1)));
    let payment = after(&payment, &refund("re_e", 106, RefundStatus::Pending, None));
    let refunds = payment.refund_summaries();
    let shown: Vec<_> = refunds.iter().map(|it| (it.progress, it.creator, it.platform)).collect();
    use RefundProgress::{Failed, Pending, Succeeded};
    assert_eq!(shown, [(Succeeded, 300, 10), (Failed, 200, 0), (Pending, 100, 5), (Pending, 99, 7)]);
    assert_eq!((refunds[0].id, refunds[3].id), (request_id(1).as_str(), "re_e"));
    assert_eq!(payment.refund_summary(&request_id(3)).as_ref(), Some(&refunds[2]));
    assert_eq!(payment.refund_summary(&request_id(4)), None);
}

proptest! {
    #[test]
    fn refunds_and_disputes_never_take_more_than_was_chosen(
        steps in prop::collection::vec((0_u8..7, 1_i64..=TOTAL), 0..14), platform_bears in any::<bool>(),
    ) {
        let bearer = if platform_bears { FeeBearer::Platform } else { FeeBearer::Sender };
        let mut payment = paid();
        for (at, (kind, amount)) in steps.into_iter().enumerate() {
            payment = step(&payment, at, kind, amount, bearer);
            let state = &payment.state;
            let taken = state.refunds.creator_committed() + state.disputes.creator_amount();
            prop_assert!((0..=CHOSEN).contains(&taken), "{} of {}", taken, CHOSEN);
            prop_assert_eq!(payment.refundable(), CHOSEN - taken);
        }
    }
}
