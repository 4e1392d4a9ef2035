//! The facts that snapshots imply, and which snapshots are refused.

use crate::fixture::*;
use crate::ledger::assert_sound;
use payments::{
    Card, ChargeOutcome, ChargeSnapshot, Currency, DisputeSnapshot, DisputeStatus, DisputeTransaction, Fact,
    IntentId, IntentSnapshot, IntentStatus, Payment, RefundSnapshot, RefundStatus, ReversalSnapshot,
    Snapshot, StripeFee, TransactionId, TransferSnapshot, entries,
};
use proptest::prelude::*;

fn attached() -> Payment {
    after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

fn refusal(payment: &Payment, snapshot: &Snapshot) -> &'static str {
    snapshot.facts(payment).expect_err("is refused").field
}

fn pi_2() -> Option<IntentId> {
    IntentId::parse("pi_2").ok()
}

#[test]
fn a_charge_of_another_payment_is_refused() {
    let snapshot = || charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded));
    let refused = |snapshot| refusal(&attached(), &Snapshot::Charge(snapshot));
    assert_eq!(refused(ChargeSnapshot { intent: pi_2(), ..snapshot() }), "intent");
    assert_eq!(refused(ChargeSnapshot { currency: "eur".into(), ..snapshot() }), "currency");
    assert_eq!(refused(ChargeSnapshot { amount: TOTAL - 1, ..snapshot() }), "charge amount");
    let unattached = ChargeSnapshot { intent: None, ..snapshot() };
    assert!(Snapshot::Charge(unattached).facts(&attached()).is_ok());
}

#[test]
fn after_a_refused_receipt_an_unpaid_intent_with_the_payments_terms_is_a_second_one() {
    let snapshot = |id: &str, status| {
        let Snapshot::Intent(ours) = intent(1_002, status) else { unreachable!() };
        IntentSnapshot { id: IntentId::parse(id).expect("id"), ..ours }
    };
    let second = snapshot("pi_2", IntentStatus::RequiresPaymentMethod);
    let first = after(&new_payment(), &intent(1_001, IntentStatus::RequiresPaymentMethod));
    let refused = with_facts(&first, &[Fact::ReceiptRefused]);
    assert!(second.is_second_of(&refused));
    assert_eq!(second.facts(&refused), Ok(vec![]));
    assert!(!second.is_second_of(&first), "no receipt was refused");
    assert!(!second.is_second_of(&with_facts(&new_payment(), &[Fact::ReceiptRefused])), "it is the first");
    assert!(!snapshot("pi_1", IntentStatus::RequiresPaymentMethod).is_second_of(&refused));
    assert!(!snapshot("pi_2", IntentStatus::Succeeded).is_second_of(&refused), "it is paid");
    let other = IntentSnapshot { amount: TOTAL + 1, ..second };
    assert!(!other.is_second_of(&refused), "of other terms");
}

#[test]
fn only_the_card_of_a_charge_that_succeeded_is_known() {
    let card_after = |outcome| after(&new_payment(), &charge("ch_1", outcome)).state.card;
    assert_eq!(card_after(Some(ChargeOutcome::Succeeded)), Card::of("visa", "4242"));
    assert_eq!((card_after(None), card_after(Some(ChargeOutcome::Failed))), (None, None));
}

#[test]
fn a_failed_charge_has_no_fee_and_no_transfer() {
    let Snapshot::Charge(snapshot) = charge_with_fee() else { unreachable!() };
    let failed = Snapshot::Charge(ChargeSnapshot { outcome: Some(ChargeOutcome::Failed), ..snapshot });
    let payment = after(&new_payment(), &failed);
    assert_eq!(payment.state.failed_charges.len(), 1);
    assert_eq!((entries(&payment), payment.state.transfers.originals.len()), (vec![], 0));
}

#[test]
fn a_refund_of_another_payment_or_of_a_wrong_amount_is_refused() {
    let snapshot = || refund_snapshot("re_1", 500, RefundStatus::Pending, None);
    let refused = |snapshot| refusal(&attached(), &Snapshot::Refund(snapshot));
    assert_eq!(refused(RefundSnapshot { intent: pi_2(), ..snapshot() }), "intent");
    assert_eq!(refused(RefundSnapshot { currency: "eur".into(), ..snapshot() }), "currency");
    for amount in [0, -1, TOTAL + 1, i64::MIN, i64::MAX] {
        assert_eq!(refused(RefundSnapshot { amount, ..snapshot() }), "refund amount");
    }
}

fn split(payment: &Payment, id: &str) -> (i64, i64, bool) {
    let refund = payment.state.refunds.at_stripe.iter().find(|(refund_id, _)| refund_id.as_str() == id);
    let split = &refund.expect("the refund").1.split;
    (split.creator, split.platform, split.request.is_some())
}

#[test]
fn our_refund_is_divided_as_requested_and_others_in_proportion() {
    let requested_refund = with_facts(&attached(), &[requested(1, 400, 20, None)]);
    let payment = after(&requested_refund, &refund("re_1", 420, RefundStatus::Pending, Some(1)));
    assert_eq!(split(&payment, "re_1"), (400, 20, true));
    let payment = after(&payment, &refund("re_2", 100, RefundStatus::Pending, Some(2)));
    assert_eq!(split(&payment, "re_2"), (94, 6, false), "an unknown request");
    let payment = after(&payment, &refund("re_3", 541, RefundStatus::Pending, None));
    assert_eq!(split(&payment, "re_3"), (506, 35, false));
}

#[test]
fn a_dashboard_refund_leaves_what_is_reserved_for_a_request() {
    let requested_refund = with_facts(&attached(), &[requested(1, 900, 0, None)]);
    let payment = after(&requested_refund, &refund("re_1", 161, RefundStatus::Pending, None));
    assert_eq!(split(&payment, "re_1"), (100, 61, false));
    let payment = after(&payment, &refund("re_2", 900, RefundStatus::Pending, Some(1)));
    assert_eq!((split(&payment, "re_2"), payment.refundable()), ((900, 0, true), 0));
}

#[test]
fn a_second_refund_under_one_request_takes_no_more_than_is_left() {
    let requested_refund = with_facts(&attached(), &[requested(1, 700, 0, None)]);
    let first = after(&requested_refund, &refund("re_1", 700, RefundStatus::Succeeded, Some(1)));
    let second = after(&first, &refund("re_2", 700, RefundStatus::Succeeded, Some(1)));
    assert_eq!(split(&second, "re_2"), (300, 400, true));
    assert_eq!(second.state.refunds.creator_amount(), CHOSEN);
}

#[test]
fn a_refund_that_exists_despite_its_refusal_takes_no_more_than_is_left() {
    let facts = [requested(1, 700, 0, Some("charge_disputed")), requested(2, 600, 0, None)];
    let payment = with_facts(&attached(), &facts);
    let payment = after(&payment, &refund("re_1", 700, RefundStatus::Succeeded, Some(1)));
    assert_eq!(split(&payment, "re_1"), (400, 300, true));
}

#[test]
fn shares_are_multiples_of_the_currencys_step() {
    let in_krona = payment_in("isk", 100_000, 106_100);
    let usd = refund_snapshot("re_1", 5_000, RefundStatus::Pending, None);
    let snapshot = Snapshot::Refund(RefundSnapshot { currency: "isk".into(), ..usd });
    assert_eq!(split(&after(&in_krona, &snapshot), "re_1"), (4_700, 300, false));
    let whole = refund_snapshot("re_1", 106_100, RefundStatus::Pending, None);
    let snapshot = Snapshot::Refund(RefundSnapshot { currency: "isk".into(), ..whole });
    assert_eq!(split(&after(&in_krona, &snapshot), "re_1"), (100_000, 6_100, false));
}

#[test]
fn each_of_several_snapshots_takes_the_earlier_ones_into_account() {
    let snapshots =
        [refund("re_1", 700, RefundStatus::Pending, None), refund("re_2", 361, RefundStatus::Pending, None)];
    let facts = Snapshot::all_facts(&snapshots, &attached()).expect("of this payment");
    assert_eq!(facts.len(), 2);
    let joined = with_facts(&attached(), &facts);
    let adjusted = with_facts(&joined, &joined.share_adjustments());
    assert_eq!(adjusted, after_all(&attached(), &snapshots));
    let whole = refund("re_3", 1_061, RefundStatus::Pending, None);
    let facts = Snapshot::all_facts(&[whole, snapshots[0].clone()], &attached()).expect("of this payment");
    assert_eq!(with_facts(&attached(), &facts).state.refunds.creator_amount(), CHOSEN);
}

fn amount() -> impl Strategy<Value = i64> {
    let edges = [0, 1, -1, TOTAL, -TOTAL, 1_000_000_000_000_000, i64::MIN, i64::MIN + 1, i64::MAX];
    prop_oneof![any::<i64>(), prop::sample::select(edges.to_vec()), -2_000_i64..2_000]
}

/// Snapshots with any amounts.
fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let code = prop::sample::select(vec!["usd", "eur", "isk"]);
    let fee = |amount, code: &str| {
        (TransactionId::parse("txn_c").expect("id"), StripeFee { amount, currency: currency(code) })
    };
    prop_oneof![
        (amount(), code.clone()).prop_map(move |(amount, code)| Snapshot::Charge(ChargeSnapshot {
            fee: Some(fee(amount, code)),
            ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
        })),
        (0..3, amount(), any::<bool>()).prop_map(|(n, amount, failed)| {
            let status = if failed { RefundStatus::Failed } else { RefundStatus::Pending };
            refund(&format!("re_{n}"), amount, status, None)
        }),
        (2..4, amount()).prop_map(|(n, amount)| retransfer(&format!("tr_{n}"), amount, 1)),
        prop::collection::vec(amount(), 0..3).prop_map(|amounts| {
            let reversals = amounts.iter().enumerate().map(|(at, amount)| ReversalSnapshot {
                id: payments::ReversalId::parse(&format!("trr_{at}")).expect("id"),
                amount: *amount,
                currency: "usd".to_owned(),
                number: None,
            });
            Snapshot::Transfer(TransferSnapshot { reversals: reversals.collect(), ..transfer_snapshot() })
        }),
        (amount(), any::<i64>(), prop::collection::vec((amount(), amount(), code), 0..4)).prop_map(
            |(amount, at_s, transactions)| {
                let transaction =
                    |(at, (amount, fee, code)): (usize, &(i64, i64, &str))| DisputeTransaction {
                        currency: Currency::parse(code).expect("currency"),
                        ..crate::fixture::transaction(&format!("txn_{at}"), *amount, *fee)
                    };
                let transactions: Vec<_> = transactions.iter().enumerate().map(transaction).collect();
                let stamp = payments::Stamp::of_creation(at_s);
                let snapshot = dispute_snapshot(1, DisputeStatus::UnderReview, &transactions);
                Snapshot::Dispute(DisputeSnapshot { amount, stamp, ..snapshot })
            }
        ),
    ]
}

proptest! {
    #[test]
    fn no_amount_from_stripe_breaks_the_ledger(
        snapshots in prop::collection::vec(any_snapshot(), 0..8), succeeded in any::<bool>(),
    ) {
        let mut payment = if succeeded { with_facts(&new_payment(), &[Fact::Succeeded]) } else { new_payment() };
        for snapshot in snapshots {
            if let Ok(facts) = snapshot.facts(&payment) {
                let now = payments::Timestamp::from_seconds(CREATED_S);
                payment = with_facts(&payment, &payment.with_decisions(facts, now));
                assert_sound(&payment);
                let (_, _) = (payment.due_at(), payment.balance_fee());
                prop_assert!((0..=CHOSEN).contains(&payment.refundable()));
            }
        }
    }
}
