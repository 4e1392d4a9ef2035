//! What a sight of Stripe's objects tells, and which sights are refused.

use crate::fixture::*;
use crate::ledger::assert_sound;
use payments::{
    ChargeOutcome, ChargeSnapshot, Currency, DisputeSnapshot, DisputeStatus, DisputeTransaction, Fact,
    IntentId, IntentStatus, Payment, RefundSnapshot, RefundStatus, ReversalSnapshot, Snapshot, StripeFee,
    TransactionId, TransferId, TransferSnapshot, entries,
};
use proptest::prelude::*;

fn attached() -> Payment {
    after_all(&payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

fn refusal(known: &Payment, seen: &Snapshot) -> &'static str {
    seen.facts(known).expect_err("is refused").field
}

fn pi_2() -> Option<IntentId> {
    IntentId::parse("pi_2").ok()
}

#[test]
fn a_charge_of_another_payment_is_refused() {
    let seen = || charge_seen("ch_1", Some(ChargeOutcome::Succeeded));
    let refused = |seen| refusal(&attached(), &Snapshot::Charge(seen));
    assert_eq!(refused(ChargeSnapshot { intent: pi_2(), ..seen() }), "intent");
    assert_eq!(refused(ChargeSnapshot { currency: "eur".into(), ..seen() }), "currency");
    assert_eq!(refused(ChargeSnapshot { amount: TOTAL - 1, ..seen() }), "charge amount");
    let transfer = TransferId::parse("tr_2").ok();
    assert_eq!(refused(ChargeSnapshot { transfer, ..seen() }), "transfer");
    let unattached = ChargeSnapshot { intent: None, ..seen() };
    assert!(Snapshot::Charge(unattached).facts(&attached()).is_ok());
}

#[test]
fn a_failed_charge_tells_no_fee_and_no_transfer() {
    let Snapshot::Charge(seen) = charge_with_fee() else { unreachable!() };
    let failed = Snapshot::Charge(ChargeSnapshot { outcome: Some(ChargeOutcome::Failed), ..seen });
    let known = after(&payment(), &failed);
    assert_eq!(known.state.failed_charges.len(), 1);
    assert_eq!((entries(&known), known.state.transfers.own), (vec![], None));
}

#[test]
fn a_refund_of_another_payment_or_of_a_wrong_amount_is_refused() {
    let seen = || refund_seen("re_1", 500, RefundStatus::Pending, None);
    let refused = |seen| refusal(&attached(), &Snapshot::Refund(seen));
    assert_eq!(refused(RefundSnapshot { intent: pi_2(), ..seen() }), "intent");
    assert_eq!(refused(RefundSnapshot { currency: "eur".into(), ..seen() }), "currency");
    for amount in [0, -1, TOTAL + 1, i64::MIN, i64::MAX] {
        assert_eq!(refused(RefundSnapshot { amount, ..seen() }), "refund amount");
    }
    let known = after(&attached(), &Snapshot::Refund(seen()));
    let other = Snapshot::Refund(RefundSnapshot { amount: 501, ..seen() });
    assert_eq!(refusal(&known, &other), "refund amount");
    let asked = knowing(&attached(), &[requested(1, 400, 0, None)]);
    assert_eq!(refusal(&asked, &refund("re_1", 401, RefundStatus::Pending, Some(1))), "refund amount");
}

fn split(known: &Payment, id: &str) -> (i64, i64, bool) {
    let seen = known.state.refunds.at_stripe.iter().find(|(seen, _)| seen.as_str() == id);
    let split = &seen.expect("seen").1.split;
    (split.creator, split.platform, split.request.is_some())
}

#[test]
fn a_refund_is_divided_as_asked_and_others_in_proportion_of_what_is_left() {
    let asked = knowing(&attached(), &[requested(1, 400, 20, None)]);
    let known = after(&asked, &refund("re_1", 420, RefundStatus::Pending, Some(1)));
    assert_eq!(split(&known, "re_1"), (400, 20, true));
    let known = after(&known, &refund("re_2", 100, RefundStatus::Pending, Some(2)));
    assert_eq!(split(&known, "re_2"), (94, 6, false), "no request of that number is known");
    let known = after(&known, &refund("re_3", 541, RefundStatus::Pending, None));
    assert_eq!(split(&known, "re_3"), (506, 35, false));
}

#[test]
fn a_dashboard_refund_leaves_what_is_reserved_for_a_request() {
    let asked = knowing(&attached(), &[requested(1, 900, 0, None)]);
    let known = after(&asked, &refund("re_1", 161, RefundStatus::Pending, None));
    assert_eq!(split(&known, "re_1"), (100, 61, false));
    let known = after(&known, &refund("re_2", 900, RefundStatus::Pending, Some(1)));
    assert_eq!((split(&known, "re_2"), known.refundable()), ((900, 0, true), 0));
}

#[test]
fn a_second_refund_under_one_request_takes_no_more_than_is_left() {
    let asked = knowing(&attached(), &[requested(1, 700, 0, None)]);
    let first = after(&asked, &refund("re_1", 700, RefundStatus::Succeeded, Some(1)));
    let second = after(&first, &refund("re_2", 700, RefundStatus::Succeeded, Some(1)));
    assert_eq!(split(&second, "re_2"), (300, 400, true));
    assert_eq!(second.state.refunds.creator_amount(), CHOSEN);
}

#[test]
fn a_refund_made_in_spite_of_its_refusal_takes_no_more_than_is_left() {
    let facts = [requested(1, 700, 0, Some("charge_disputed")), requested(2, 600, 0, None)];
    let known = knowing(&attached(), &facts);
    let known = after(&known, &refund("re_1", 700, RefundStatus::Succeeded, Some(1)));
    assert_eq!(split(&known, "re_1"), (400, 300, true));
}

#[test]
fn shares_divide_by_the_currencys_step() {
    let krona = payment_in("isk", 100_000, 106_100);
    let usd = refund_seen("re_1", 5_000, RefundStatus::Pending, None);
    let seen = Snapshot::Refund(RefundSnapshot { currency: "isk".into(), ..usd });
    assert_eq!(split(&after(&krona, &seen), "re_1"), (4_700, 300, false));
    let whole = refund_seen("re_1", 106_100, RefundStatus::Pending, None);
    let seen = Snapshot::Refund(RefundSnapshot { currency: "isk".into(), ..whole });
    assert_eq!(split(&after(&krona, &seen), "re_1"), (100_000, 6_100, false));
}

#[test]
fn a_transfer_that_is_not_this_payments_is_refused() {
    let refused = |seen| refusal(&attached(), &Snapshot::Transfer(seen));
    let seen = transfer_seen;
    assert_eq!(refused(TransferSnapshot { currency: "eur".into(), ..seen() }), "currency");
    assert_eq!(refused(TransferSnapshot { destination: None, ..seen() }), "destination");
    assert_eq!(refused(TransferSnapshot { charge: None, ..seen() }), "transfer");
    let other = TransferId::parse("tr_2").expect("id");
    assert_eq!(refused(TransferSnapshot { id: other, ..seen() }), "transfer");
    assert_eq!(refused(TransferSnapshot { amount: CHOSEN - 1, ..seen() }), "transfer amount");
    assert_eq!(refused(TransferSnapshot { number: Some(1), ..seen() }), "transfer");
    for amount in [0, -1, i64::MAX] {
        let refused = refusal(&attached(), &transfer_again("tr_2", amount, 1));
        assert_eq!(refused, "transfer amount", "{amount}");
    }
    for amount in [0, -1, CHOSEN + 1] {
        let refused = refusal(&attached(), &own_transfer(&[("trr_1", amount, None)]));
        assert_eq!(refused, "reversal amount", "{amount}");
    }
    assert!(own_transfer(&[("trr_1", CHOSEN, None)]).facts(&payment()).is_ok());
}

#[test]
fn several_sights_are_each_seen_in_the_light_of_those_before() {
    let sights =
        [refund("re_1", 700, RefundStatus::Pending, None), refund("re_2", 361, RefundStatus::Pending, None)];
    let facts = Snapshot::all_facts(&sights, &attached()).expect("of this payment");
    assert_eq!(facts.len(), 2);
    assert_eq!(knowing(&attached(), &facts), after_all(&attached(), &sights));
    let whole = refund("re_3", 1_061, RefundStatus::Pending, None);
    let facts = Snapshot::all_facts(&[whole, sights[0].clone()], &attached()).expect("of this payment");
    assert_eq!(knowing(&attached(), &facts).state.refunds.creator_amount(), CHOSEN);
}

fn amount() -> impl Strategy<Value = i64> {
    let edges = [0, 1, -1, TOTAL, -TOTAL, 1_000_000_000_000_000, i64::MIN, i64::MIN + 1, i64::MAX];
    prop_oneof![any::<i64>(), prop::sample::select(edges.to_vec()), -2_000_i64..2_000]
}

/// Sights with any amount that an integer holds.
fn any_sight() -> impl Strategy<Value = Snapshot> {
    let code = prop::sample::select(vec!["usd", "eur", "isk"]);
    let fee = |amount, code: &str| {
        (TransactionId::parse("txn_c").expect("id"), StripeFee { amount, currency: currency(code) })
    };
    prop_oneof![
        (amount(), code.clone()).prop_map(move |(amount, code)| Snapshot::Charge(ChargeSnapshot {
            fee: Some(fee(amount, code)),
            ..charge_seen("ch_1", Some(ChargeOutcome::Succeeded))
        })),
        (0..3, amount(), any::<bool>()).prop_map(|(n, amount, failed)| {
            let status = if failed { RefundStatus::Failed } else { RefundStatus::Pending };
            refund(&format!("re_{n}"), amount, status, None)
        }),
        (2..4, amount()).prop_map(|(n, amount)| transfer_again(&format!("tr_{n}"), amount, 1)),
        prop::collection::vec(amount(), 0..3).prop_map(|amounts| {
            let seen = amounts.iter().enumerate().map(|(at, amount)| ReversalSnapshot {
                id: payments::ReversalId::parse(&format!("trr_{at}")).expect("id"),
                amount: *amount,
                number: None,
            });
            Snapshot::Transfer(TransferSnapshot { reversals: seen.collect(), ..transfer_seen() })
        }),
        (amount(), any::<i64>(), prop::collection::vec((amount(), amount(), code), 0..4)).prop_map(
            |(amount, at_s, transactions)| {
                let seen = |(at, (amount, fee, code)): (usize, &(i64, i64, &str))| DisputeTransaction {
                    currency: Currency::parse(code).expect("currency"),
                    ..transaction(&format!("txn_{at}"), *amount, *fee)
                };
                let seen: Vec<_> = transactions.iter().enumerate().map(seen).collect();
                let stamp = payments::Stamp::of_creation(at_s);
                let sight = dispute_seen(1, DisputeStatus::UnderReview, &seen);
                Snapshot::Dispute(DisputeSnapshot { amount, stamp, ..sight })
            }
        ),
    ]
}

proptest! {
    #[test]
    fn no_amount_that_stripe_could_tell_breaks_the_books(
        sights in prop::collection::vec(any_sight(), 0..8), succeeded in any::<bool>(),
    ) {
        let mut known = if succeeded { knowing(&payment(), &[Fact::Succeeded]) } else { payment() };
        for seen in sights {
            if let Ok(facts) = seen.facts(&known) {
                let now = payments::Timestamp::from_seconds(CREATED_S);
                known = knowing(&known, &known.with_decisions(facts, now));
                assert_sound(&known);
                let (_, _) = (known.due_at(), known.actual_fee());
                prop_assert!((0..=CHOSEN).contains(&known.refundable()));
            }
        }
    }
}
