//! Whatever Stripe shows later, what is known keeps its value, the rest is learned, and the contradiction is a difference.

use crate::fixture::*;
use crate::ledger::{assert_sound, balance};
use crate::permutations::assert_entries_kept;
use payments::{
    AccountId, ChargeId, ChargeOutcome, ChargeSnapshot, DifferenceKind, DisputeStatus, Fact, InstructionKind,
    InstructionOutcome, IntentStatus, OpenItem, Payment, RefundSnapshot, RefundStatus, ReversalSnapshot,
    Snapshot, StripeFee, TransactionId, TransferId, TransferSnapshot, entries,
};

fn paid() -> Payment {
    after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee(), own_transfer(&[])])
}

fn conflicts(payment: &Payment) -> Vec<String> {
    let conflicts = payment.state.conflicts.iter();
    conflicts.map(|it| format!("{} {}: {}, not {}", it.object, it.field, it.theirs, it.ours)).collect()
}

/// Applies what contradicts `payment`: no entry changes, the conflict is reported, and repeating it changes nothing.
fn contradicted(payment: &Payment, snapshot: &Snapshot) -> Payment {
    let next = after(payment, snapshot);
    assert_entries_kept(payment, &next);
    assert_sound(&next);
    assert_eq!(after(&next, snapshot), next, "repeated");
    assert!(next.open_items().iter().any(|(item, _)| *item == OpenItem::Difference));
    assert!(next.differences().iter().any(|difference| difference.kind == DifferenceKind::Conflict));
    next
}

fn transfer_id(id: &str) -> TransferId {
    TransferId::parse(id).expect("id")
}

fn charge_id(id: &str) -> ChargeId {
    ChargeId::parse(id).expect("id")
}

#[test]
fn another_amount_for_a_known_reversal_leaves_the_first_and_learns_the_others() {
    let reversed = after(&paid(), &own_transfer(&[("trr_1", 300, None)]));
    let next = contradicted(&reversed, &own_transfer(&[("trr_1", 400, None), ("trr_2", 100, None)]));
    assert_eq!(conflicts(&next), ["trr_1 reversal amount: 400, not 300"]);
    let shown = next.differences().into_iter().find(|it| it.kind == DifferenceKind::Conflict);
    let shown = shown.expect("a conflict");
    let detail = "reversal amount is 300, and Stripe shows 400";
    assert_eq!((shown.object.as_deref(), shown.detail.as_deref()), (Some("trr_1"), Some(detail)));
    assert_eq!(balance(&next, "creator:ana"), CHOSEN - 300 - 100);
}

#[test]
fn another_fee_or_a_second_one_leaves_the_first() {
    let fee = |transaction: &str, amount| {
        let fee = StripeFee { amount, currency: currency("usd") };
        Snapshot::Charge(ChargeSnapshot {
            fee: Some((TransactionId::parse(transaction).expect("id"), fee)),
            ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
        })
    };
    let next = contradicted(&paid(), &fee("txn_charge", 66));
    assert_eq!(conflicts(&next), ["txn_charge fee: 66 usd by txn_charge, not 65 usd by txn_charge"]);
    assert_eq!(contradicted(&paid(), &fee("txn_other", 65)).balance_fee().map(|fee| fee.actual), Some(65));
}

#[test]
fn another_amount_for_a_known_refund_leaves_the_first_and_learns_that_it_failed() {
    let refunded = after(&paid(), &refund("re_1", 500, RefundStatus::Pending, None));
    let other = refund_snapshot("re_1", 501, RefundStatus::Failed, None);
    let next = contradicted(&refunded, &Snapshot::Refund(other.clone()));
    assert_eq!(conflicts(&next), ["re_1 refund amount: 501 usd, not 500 usd"]);
    assert!(next.state.refunds.at_stripe.values().all(|refund| refund.status == RefundStatus::Failed));
    let in_euros = RefundSnapshot { amount: 500, currency: "eur".to_owned(), ..other };
    let next = contradicted(&refunded, &Snapshot::Refund(in_euros));
    assert_eq!(conflicts(&next), ["re_1 refund amount: 500 eur, not 500 usd"]);
}

#[test]
fn a_refund_of_another_amount_than_the_request_it_names_does_not_fulfil_it() {
    let asked = with_facts(&paid(), &[requested(1, 400, 0, None)]);
    let next = contradicted(&asked, &refund("re_1", 401, RefundStatus::Pending, Some(1)));
    assert_eq!(conflicts(&next), ["re_1 refund amount: 401 usd, not 400 usd"]);
    assert_eq!(next.state.refunds.open_requests().count(), 1);
}

#[test]
fn another_amount_for_a_known_dispute_transaction_leaves_the_first_and_learns_the_next() {
    let first = transaction("txn_w", -500, 1_500);
    let disputed = after(&paid(), &dispute(1_020, DisputeStatus::NeedsResponse, &[first]));
    let other = [transaction("txn_w", -600, 1_500), transaction("txn_w2", -100, 0)];
    let next = contradicted(&disputed, &dispute(1_021, DisputeStatus::UnderReview, &other));
    assert_eq!(
        conflicts(&next),
        ["txn_w dispute transaction: -600 usd, fee 1500, of dp_1, not -500 usd, fee 1500, of dp_1"]
    );
    assert_eq!(next.state.disputes.funds.len(), 2);
}

#[test]
fn a_converted_dispute_transaction_keeps_the_amount_that_stripe_sent() {
    let in_euros = |amount| {
        let withdrawn =
            payments::DisputeTransaction { currency: currency("eur"), ..transaction("txn_w", amount, 0) };
        dispute(1_020, DisputeStatus::NeedsResponse, &[withdrawn])
    };
    let disputed = after(&paid(), &in_euros(-900));
    let funds = disputed.state.disputes.funds.values().next().expect("withdrawn");
    assert_eq!((funds.charged, funds.raw_amount), (TOTAL, Some(-900)));
    contradicted(&disputed, &in_euros(-901));
}

#[test]
fn another_transfer_of_the_charge_leaves_the_first_and_learns_the_charge() {
    let waiting = after(&new_payment(), &intent(1_001, IntentStatus::Succeeded));
    let other = TransferSnapshot { id: transfer_id("tr_by_hand"), ..transfer_snapshot() };
    let next = contradicted(&after(&waiting, &own_transfer(&[])), &Snapshot::Transfer(other));
    assert_eq!(next.state.original_transfer(), Some(&transfer_id("tr_own")));
    let charge = Snapshot::Charge(ChargeSnapshot {
        transfer: Some(transfer_id("tr_2")),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    });
    let next = contradicted(&next, &charge);
    assert_eq!(next.state.paid_charges.len(), 1);
}

#[test]
fn a_transfer_of_another_charge_never_counts_and_leaves_the_true_one_alone() {
    let foreign = |payment: &Payment| {
        let reversals = vec![ReversalSnapshot {
            id: payments::ReversalId::parse("trr_foreign").expect("id"),
            amount: CHOSEN,
            currency: "usd".to_owned(),
            number: None,
        }];
        let (id, charge) = (transfer_id("tr_foreign"), Some(charge_id("ch_foreign")));
        after(payment, &Snapshot::Transfer(TransferSnapshot { id, charge, reversals, ..transfer_snapshot() }))
    };
    let open = foreign(&after(&new_payment(), &intent(1_001, IntentStatus::Processing)));
    assert_eq!((entries(&open), open.state.to_recover()), (vec![], 0));
    let now = payments::Timestamp::from_seconds(CREATED_S);
    assert_eq!(open.next_instruction(now), None, "no real transfer follows");
    let paid =
        after_all(&open, &[intent(1_002, IntentStatus::Succeeded), charge_with_fee(), own_transfer(&[])]);
    assert_eq!(paid.state.original_transfer(), Some(&transfer_id("tr_own")));
    assert_eq!((paid.state.to_recover(), balance(&paid, "creator:ana")), (0, CHOSEN));
    let difference = &paid.differences()[0];
    assert_eq!(difference.kind, DifferenceKind::UnsettledTransfer);
    assert_eq!(difference.object.as_deref(), Some("tr_foreign"));
}

#[test]
fn a_transfer_is_kept_until_its_charge_is_known_to_be_paid() {
    let early = after(&new_payment(), &own_transfer(&[("trr_1", 300, None)]));
    assert_eq!((early.state.original_transfer(), early.state.conflicts.len()), (None, 0));
    assert_eq!(early.differences()[0].kind, DifferenceKind::UnsettledTransfer);
    let paid = after(&early, &intent(1_001, IntentStatus::Succeeded));
    assert_eq!((paid.differences().len(), balance(&paid, "creator:ana")), (1, CHOSEN - 300));
}

#[test]
fn a_retransfer_that_nobody_decided_never_counts() {
    let next = contradicted(&paid(), &retransfer("tr_2", 300, 1));
    assert_eq!(conflicts(&next), ["tr_2 retransfer: 300, not none"]);
    assert_eq!((next.state.to_recover(), balance(&next, "creator:ana")), (0, CHOSEN));
    let reversal = instruction(1, reversal_of_own(), 300, InstructionOutcome::Pending);
    let next = contradicted(&with_facts(&paid(), &[reversal]), &retransfer("tr_2", 300, 1));
    assert_eq!(conflicts(&next), ["tr_2 retransfer: 300, not none"]);
    let decided = instruction(1, InstructionKind::Transfer, 300, InstructionOutcome::Pending);
    let next = contradicted(&with_facts(&paid(), &[decided]), &retransfer("tr_2", 301, 1));
    assert!(next.state.transfers.outstanding().is_some());
}

#[test]
fn an_instruction_is_executed_by_one_transfer_also_when_it_is_not_the_last() {
    let outcome = || InstructionOutcome::Executed;
    let reversal = instruction(1, reversal_of_own(), 300, outcome());
    let decided = instruction(2, InstructionKind::Transfer, 300, outcome());
    let paid_again = after(&with_facts(&paid(), &[reversal, decided]), &retransfer("tr_2", 300, 2));
    let third = instruction(3, reversal_of_own(), 10, outcome());
    let payment = with_facts(&paid_again, &[third]);
    for (id, amount, number, conflict) in [
        ("tr_3", 300, 1, "tr_3 retransfer: 300, not none"),
        ("tr_3", 300, 3, "tr_3 retransfer: 300, not none"),
        ("tr_3", 299, 2, "tr_3 retransfer: 299, not 300"),
        ("tr_3", 300, 2, "tr_3 instruction: tr_3, not tr_2"),
    ] {
        let next = contradicted(&payment, &retransfer(id, amount, number));
        assert_eq!(conflicts(&next), [conflict]);
        assert_eq!(balance(&next, "creator:ana"), balance(&payment, "creator:ana"));
    }
}

#[test]
fn a_transfer_that_cannot_be_the_payments_is_a_conflict() {
    let field = |snapshot| {
        let next = contradicted(&paid(), &Snapshot::Transfer(snapshot));
        next.state.conflicts.first().expect("a conflict").field.clone()
    };
    let snapshot = || TransferSnapshot { id: transfer_id("tr_2"), ..transfer_snapshot() };
    assert_eq!(field(TransferSnapshot { currency: "eur".into(), ..snapshot() }), "currency");
    assert_eq!(
        field(TransferSnapshot { destination: AccountId::parse("acct_2").ok(), ..snapshot() }),
        "destination"
    );
    assert_eq!(field(TransferSnapshot { charge: None, ..snapshot() }), "transfer");
    let other_charge = || TransferSnapshot { charge: Some(charge_id("ch_2")), ..snapshot() };
    for amount in [0, -1, CHOSEN - 1, i64::MAX, i64::MIN] {
        assert_eq!(field(TransferSnapshot { amount, ..other_charge() }), "transfer amount", "{amount}");
    }
    let by_two = TransferSnapshot { charge: Some(charge_id("ch_2")), ..transfer_snapshot() };
    assert_eq!(field(by_two), "charge");
}

#[test]
fn no_reversals_take_more_than_their_transfer() {
    let payment = contradicted(&paid(), &own_transfer(&[("trr_1", CHOSEN + 1, None)]));
    assert_eq!(balance(&payment, "creator:ana"), CHOSEN);
    let both = own_transfer(&[("trr_1", 700, None), ("trr_2", 301, None)]);
    let payment = contradicted(&paid(), &both);
    assert_eq!(conflicts(&payment), ["trr_2 reversal amount: 301, not 1 to 300"]);
    assert_eq!(balance(&payment, "creator:ana"), 300);
}

#[test]
fn the_transfers_of_eight_charges_are_kept() {
    let of_charge = |n: usize| TransferSnapshot {
        id: transfer_id(&format!("tr_{n}")),
        charge: Some(charge_id(&format!("ch_{n}"))),
        ..transfer_snapshot()
    };
    let open = after(&new_payment(), &intent(1_001, IntentStatus::Processing));
    let kept = after_all(&open, &(2..10).map(|n| Snapshot::Transfer(of_charge(n))).collect::<Vec<_>>());
    assert_eq!((kept.state.transfers.originals.len(), kept.state.conflicts.len()), (8, 0));
    let next = contradicted(&kept, &Snapshot::Transfer(of_charge(10)));
    assert_eq!(conflicts(&next), ["tr_10 charge: ch_10, not one of 8"]);
}

#[test]
fn a_retransfer_whose_metadata_was_edited_away_is_known_by_its_id() {
    let decided = instruction(1, InstructionKind::Transfer, 300, InstructionOutcome::Pending);
    let known = after(&with_facts(&paid(), &[decided]), &retransfer("tr_2", 300, 1));
    let Snapshot::Transfer(edited) = retransfer("tr_2", 300, 1) else { unreachable!() };
    let edited = Snapshot::Transfer(TransferSnapshot { number: None, ..edited });
    assert_eq!(after(&known, &edited), known);
}

#[test]
fn of_a_thousand_conflicts_a_few_are_kept() {
    let mut payment = paid();
    for n in 0..1_000 {
        payment = after(&payment, &retransfer(&format!("tr_x{n}"), 1, 1));
    }
    assert_eq!(payment.state.conflicts.len(), 20);
}

#[test]
fn nothing_is_booked_and_nothing_recovered_before_the_payment_succeeds() {
    let withdrawn = [transaction("txn_w", -200, 1_500)];
    let early = after_all(
        &new_payment(),
        &[
            charge_with_fee(),
            own_transfer(&[("trr_1", 100, None)]),
            refund("re_1", 500, RefundStatus::Succeeded, None),
            dispute(1_020, DisputeStatus::NeedsResponse, &withdrawn),
        ],
    );
    assert_eq!((entries(&early), early.state.to_recover()), (vec![], 0));
    let paid = with_facts(&early, &[Fact::Succeeded]);
    assert_eq!(entries(&paid).len(), 5);
    assert_sound(&paid);
}

#[test]
fn what_waits_for_the_payment_to_succeed_fits_into_one_transaction() {
    let mut payment = new_payment();
    let early = |n: i64| refund(&format!("re_{n}"), 1, RefundStatus::Pending, None);
    for n in 0..40 {
        payment = after(&payment, &early(n));
    }
    assert_eq!(early(40).facts(&payment).expect_err("too many").field, "status");
    assert!(early(40).facts(&with_facts(&payment, &[Fact::Succeeded])).is_ok());
}

#[test]
fn everything_that_waits_for_success_counts_towards_what_one_transaction_takes() {
    let with_refunds = |count: i64, more: &[payments::Snapshot]| {
        let early = |n: i64| refund(&format!("re_{n}"), 1, RefundStatus::Pending, None);
        let refunds: Vec<_> = (0..count).map(early).collect();
        after_all(&after_all(&new_payment(), more), &refunds)
    };
    let one_more = refund("re_more", 1, RefundStatus::Pending, None);
    let is_full = |payment: &payments::Payment| one_more.facts(payment).is_err();
    let withdrawn = [transaction("txn_w", -200, 1_500)];
    for more in [
        vec![charge_with_fee()],
        vec![own_transfer(&[("trr_1", 100, None)])],
        vec![dispute(1_020, DisputeStatus::NeedsResponse, &withdrawn)],
    ] {
        assert!(is_full(&with_refunds(39, &more)), "one entry of another kind, and 78 of refunds");
        assert!(!is_full(&with_refunds(38, &more)));
    }
    assert!(!is_full(&with_refunds(39, &[])));

    let whole = [transaction("txn_w", -TOTAL, 1_500)];
    let disputed = with_facts(&new_payment(), &[requested(1, 300, 0, None)]);
    let disputed = after(&disputed, &dispute(1_020, DisputeStatus::NeedsResponse, &whole));
    let refused = with_facts(&disputed, &[requested(1, 300, 0, Some("charge_disputed"))]);
    let adjusted = with_facts(&refused, &refused.share_adjustments());
    let with_refunds = |count: i64| {
        let refunds = (0..count).map(|n| refund(&format!("re_{n}"), 1, RefundStatus::Pending, None));
        after_all(&adjusted, &refunds.collect::<Vec<_>>())
    };
    assert!(is_full(&with_refunds(39)) && !is_full(&with_refunds(38)), "a withdrawal and its adjustment");
}

#[test]
fn a_creator_below_zero_is_a_difference() {
    let reversal = |n: i64| {
        let transfer = transfer_id("tr_own");
        let id = payments::ReversalId::parse(&format!("trr_{n}")).expect("id");
        let taken = payments::TransferReversal { transfer, amount: 600, sent: None };
        Fact::Transfer(payments::TransferFact::Reversal(id, taken))
    };
    let payment = with_facts(&paid(), &[reversal(1), reversal(2)]);
    assert!(balance(&payment, "creator:ana") < 0);
    assert!(payment.differences().iter().any(|it| it.kind == DifferenceKind::CreatorBelowZero));
    assert!(payment.open_items().iter().any(|(item, _)| *item == OpenItem::Difference));
}
