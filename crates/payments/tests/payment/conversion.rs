//! Payments whose charge Stripe converts: a charge of 10.61 dollars on a platform with a balance in euros.

use crate::fixture::*;
use crate::ledger::{assert_sound, balances};
use crate::transfer::{instruction_in, now, with_decisions};
use payments::{
    BalanceTransactionKind, ChargeOutcome, ChargeSnapshot, DisputeSnapshot, DisputeStatus,
    DisputeTransaction, InstructionKind, InstructionOutcome, IntentStatus, LedgerAccount, Money, Payment,
    RefundId, RefundStatus, ReversalId, ReversalSnapshot, Snapshot, StripeFee, TransactionId, TransferId,
    TransferSnapshot,
};

/// Settled as 9.80 euros, of which the creator's transfer took 9.24 and Stripe 0.59.
fn paid() -> Payment {
    let fee = StripeFee { amount: 59, currency: currency("eur") };
    let charge = Snapshot::Charge(ChargeSnapshot {
        transfer: TransferId::parse("tr_own").ok(),
        fee: Some((TransactionId::parse("txn_charge").expect("id"), fee)),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    });
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge]);
    let paid = in_euros(&paid, "txn_charge", &BalanceTransactionKind::Charge, 980);
    in_euros(&paid, "txn_transfer", &transfer("tr_own"), -924)
}

fn transfer(id: &str) -> BalanceTransactionKind {
    BalanceTransactionKind::Transfer(TransferId::parse(id).expect("id"))
}

fn balance(payment: &Payment, account: &LedgerAccount, code: &str) -> i64 {
    balances(payment).get(&(account.to_string(), currency(code))).copied().unwrap_or(0)
}

/// Paid, and settled as so many minor units of another currency.
pub(crate) fn settled_as(settled: i64, code: &str) -> Payment {
    let fee = StripeFee { amount: 0, currency: currency(code) };
    let id = TransactionId::parse("txn_charge").expect("id");
    let charge = Snapshot::Charge(ChargeSnapshot {
        transfer: TransferId::parse("tr_own").ok(),
        fee: Some((id.clone(), fee)),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    });
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge]);
    let converted = paid.conversion(&id, &BalanceTransactionKind::Charge, settled, currency(code));
    with_facts(&paid, &[converted.expect("converted")])
}

/// Of everything but the platform's gain nothing is left in another currency than it belongs to.
fn platform(payment: &Payment) -> (i64, i64) {
    assert_sound(payment);
    let of = |code| balance(payment, &LedgerAccount::Platform, code);
    (of("usd"), of("eur"))
}

#[test]
fn both_amounts_of_a_conversion_are_booked_and_the_platforms_gain_is_in_the_balances_currency() {
    let paid = paid();
    assert_eq!(platform(&paid), (0, -3), "9.80 came in, 9.24 and 0.59 went out");
    let fx = LedgerAccount::Fx(currency("usd"), currency("eur"));
    assert_eq!(fx.to_string(), "fx:usd/eur");
    assert_eq!((balance(&paid, &fx, "usd"), balance(&paid, &fx, "eur")), (61, -56));
    let creator = LedgerAccount::Creator(paid.terms.creator.clone());
    assert_eq!((balance(&paid, &creator, "usd"), balance(&paid, &creator, "eur")), (CHOSEN, 0));
    let fee = paid.balance_fee().expect("known");
    assert_eq!((fee.currency, fee.estimated, fee.actual, fee.variance()), (currency("eur"), 56, 59, -3));
}

#[test]
fn a_fee_in_the_balances_currency_is_unknown_until_the_charge_is_converted() {
    let facts = [
        payments::Fact::Succeeded,
        payments::Fact::Fee(
            TransactionId::parse("txn_charge").expect("id"),
            StripeFee { amount: 59, currency: currency("eur") },
        ),
    ];
    let payment = with_facts(&new_payment(), &facts);
    assert_eq!(payment.balance_fee(), None);
    let known = in_euros(&payment, "txn_charge", &BalanceTransactionKind::Charge, 980);
    assert_eq!(known.balance_fee().map(|fee| fee.estimated), Some(56));
}

#[test]
fn nothing_is_converted_in_the_payments_own_currency_or_before_it_is_booked() {
    let (paid, id) = (paid(), TransactionId::parse("txn_charge").expect("id"));
    let kind = BalanceTransactionKind::Charge;
    assert_eq!(paid.conversion(&id, &kind, 1_061, currency("usd")), None);
    assert_eq!(new_payment().conversion(&id, &kind, 980, currency("eur")), None);
    assert_eq!(paid.conversion(&id, &kind, i64::MAX, currency("eur")), None, "implausible");
}

#[test]
fn a_refund_its_failure_and_the_reversal_are_each_converted_at_their_own_rate() {
    let refunded = after(&paid(), &refund("re_1", 530, RefundStatus::Failed, None));
    let reversed = after(&refunded, &own_transfer(&[("trr_1", 499, None)]));
    let re = RefundId::parse("re_1").expect("id");
    let booked = in_euros(&reversed, "txn_re", &BalanceTransactionKind::Refund(re.clone()), -488);
    let booked = in_euros(&booked, "txn_failed", &BalanceTransactionKind::RefundFailure(re), 491);
    let trr = BalanceTransactionKind::Reversal(ReversalId::parse("trr_1").expect("id"));
    let booked = in_euros(&booked, "txn_trr", &trr, 460);
    assert_eq!(
        platform(&booked),
        (-499, 460),
        "what came back of the failed refund is to be paid to the creator again"
    );
    let converted: Vec<_> = booked.state.conversions.values().map(|it| (it.amount, it.converted)).collect();
    assert_eq!(converted, [(1_061, 980), (530, 491), (-530, -488), (-1_000, -924), (499, 460)]);
}

/// A refund of 5.30 dollars failed after 4.99 were taken back, so they are owed to the creator.
fn owing() -> Payment {
    let refunded = after(&paid(), &refund("re_1", 530, RefundStatus::Failed, None));
    after(&refunded, &own_transfer(&[("trr_1", 499, None)]))
}

fn with_instruction(payment: &Payment) -> Payment {
    let next = payment.next_instruction(now()).expect("an instruction");
    with_facts(payment, &[payments::Fact::Transfer(payments::TransferFact::Instruction(next))])
}

fn in_euros_of(id: &str, amount: i64, number: u32, reversals: &[(&str, i64, Option<u32>)]) -> Snapshot {
    let reversal = |(id, amount, number): &(&str, i64, Option<u32>)| ReversalSnapshot {
        id: ReversalId::parse(id).expect("id"),
        amount: *amount,
        currency: "eur".to_owned(),
        number: *number,
    };
    Snapshot::Transfer(TransferSnapshot {
        id: TransferId::parse(id).expect("id"),
        amount,
        currency: "eur".to_owned(),
        charge: None,
        number: Some(number),
        reversals: reversals.iter().map(reversal).collect(),
        ..transfer_snapshot()
    })
}

#[test]
fn a_retransfer_is_sent_in_the_currency_in_which_the_charge_settled() {
    let decided = with_instruction(&owing());
    let instruction = decided.state.transfers.outstanding().expect("decided");
    let euros = Money::new(461, currency("eur")).ok();
    assert_eq!((instruction.amount, instruction.sent), (499, euros), "4.99 dollars at 9.80 to 10.61");
    let other = after(&decided, &retransfer("tr_dollars", 499, 1));
    assert_eq!(other.state.conflicts.len(), 1, "the instruction asked for euros");
    let made = after(&decided, &in_euros_of("tr_2", 461, 1, &[]));
    assert_eq!(made.state.to_recover(), 0);
    assert_eq!(
        made.state.transfers.last_instruction.as_ref().map(|last| &last.outcome),
        Some(&InstructionOutcome::Executed)
    );
    assert_eq!(after(&made, &in_euros_of("tr_2", 461, 1, &[])), made, "a repetition changes nothing");
    let booked = in_euros(&made, "txn_tr", &transfer("tr_2"), -461);
    let creator = LedgerAccount::Creator(booked.terms.creator.clone());
    assert_eq!(balance(&booked, &creator, "usd"), CHOSEN);
    assert_sound(&booked);
}

#[test]
fn a_retransfer_in_another_currency_is_reversed_in_that_currency_and_to_its_last_cent() {
    let made = after(&with_instruction(&owing()), &in_euros_of("tr_2", 461, 1, &[]));
    let refunded = after(&made, &refund("re_2", 1_061, RefundStatus::Succeeded, None));
    assert_eq!(refunded.state.to_recover(), 1_000);
    let own = with_instruction(&refunded);
    let rest = after(&own, &own_transfer(&[("trr_1", 499, None), ("trr_2", 501, Some(2))]));
    let decided = with_instruction(&rest);
    let instruction = decided.state.transfers.outstanding().expect("decided");
    let kind = InstructionKind::Reversal(TransferId::parse("tr_2").expect("id"));
    assert_eq!((&instruction.kind, instruction.amount), (&kind, 499));
    assert_eq!(instruction.sent, Money::new(461, currency("eur")).ok());
    let done = after(&decided, &in_euros_of("tr_2", 461, 1, &[("trr_3", 461, Some(3))]));
    assert_eq!((done.state.to_recover(), done.next_instruction(now())), (0, None));
    assert_eq!(done.state.transfers.outstanding(), None);
}

#[test]
fn reversals_by_hand_of_a_retransfer_in_another_currency_return_its_parts_and_at_last_all_of_it() {
    let made = after(&with_instruction(&owing()), &in_euros_of("tr_2", 461, 1, &[]));
    let first = after(&made, &in_euros_of("tr_2", 461, 1, &[("trr_3", 100, None)]));
    assert_eq!(first.state.to_recover(), -108, "100 of 461 euros are 108 of 499 dollars");
    let again = in_euros_of("tr_2", 461, 1, &[("trr_3", 100, None), ("trr_4", 361, None)]);
    let all = after(&first, &again);
    assert_eq!(all.state.to_recover(), -499);
    assert!(all.state.conflicts.is_empty());
    assert_eq!(after(&all, &again), all);
    let more = after(&all, &in_euros_of("tr_2", 461, 1, &[("trr_5", 1, None)]));
    assert_eq!((more.state.to_recover(), more.state.conflicts.len()), (-499, 1));
}

/// The retransfer was made, and what a refund takes of the creator's share beyond 5.01 dollars is still to be taken of it.
fn partly_refunded(amount: i64) -> Payment {
    let made = after(&with_instruction(&owing()), &in_euros_of("tr_2", 461, 1, &[]));
    let own = with_instruction(&after(&made, &refund("re_2", amount, RefundStatus::Succeeded, None)));
    after(&own, &own_transfer(&[("trr_1", 499, None), ("trr_2", 501, Some(2))]))
}

#[test]
fn a_part_of_a_retransfer_in_another_currency_is_reversed_as_decided_and_then_all_that_is_left() {
    let sent = |payment: &Payment| {
        let instruction = payment.state.transfers.outstanding().expect("decided");
        (instruction.amount, instruction.sent.map(Money::amount))
    };
    let decided = with_instruction(&partly_refunded(744));
    assert_eq!(sent(&decided), (200, Some(184)), "of 461 euros");
    let by_hand = after(&decided, &in_euros_of("tr_2", 461, 1, &[("trr_x", 184, None)]));
    assert_eq!(by_hand.state.to_recover(), 1, "1.84 euros are 1.99 dollars, and ours is still to come");
    assert!(by_hand.state.transfers.outstanding().is_some());

    let first = after(&decided, &in_euros_of("tr_2", 461, 1, &[("trr_3", 184, Some(3))]));
    assert_eq!((first.state.to_recover(), first.state.transfers.outstanding()), (0, None));
    let refunded = after(&first, &refund("re_3", 317, RefundStatus::Succeeded, None));
    let rest = with_instruction(&refunded);
    assert_eq!(sent(&rest), (299, Some(277)), "all that is left, and not 276");
    let both = [("trr_3", 184, Some(3)), ("trr_4", 277, Some(4))];
    let done = after(&rest, &in_euros_of("tr_2", 461, 1, &both));
    assert_eq!((done.state.to_recover(), done.state.conflicts.len()), (0, 0));
}

#[test]
fn a_reversal_takes_no_more_than_those_by_hand_have_left_of_what_was_owed() {
    let decided = with_instruction(&partly_refunded(547));
    let both = [("trr_hand", 449, None), ("trr_3", 12, Some(3))];
    let done = after(&decided, &in_euros_of("tr_2", 461, 1, &both));
    assert_eq!(done.state.to_recover(), 515 - CHOSEN, "everything was taken back");
}

#[test]
fn a_reversal_in_another_currency_stays_with_the_transfer_that_it_was_of() {
    let decided = with_instruction(&partly_refunded(744));
    let reversed = after(&decided, &in_euros_of("tr_2", 461, 1, &[("trr_3", 184, Some(3))]));
    let other = own_transfer(&[("trr_1", 499, None), ("trr_2", 501, Some(2)), ("trr_3", 184, Some(3))]);
    let next = after(&reversed, &other);
    let fields: Vec<_> = next.state.conflicts.iter().map(|conflict| conflict.field.as_str()).collect();
    assert_eq!((fields, next.state.to_recover()), (vec!["transfer"], 0));
}

#[test]
fn a_retransfer_is_sent_in_multiples_of_its_currencys_step() {
    let fee = StripeFee { amount: 0, currency: currency("isk") };
    let charge = Snapshot::Charge(ChargeSnapshot {
        transfer: TransferId::parse("tr_own").ok(),
        fee: Some((TransactionId::parse("txn_charge").expect("id"), fee)),
        ..charge_snapshot("ch_1", Some(ChargeOutcome::Succeeded))
    });
    let paid = after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge]);
    let id = TransactionId::parse("txn_charge").expect("id");
    let converted = paid.conversion(&id, &BalanceTransactionKind::Charge, 147_300, currency("isk"));
    let paid = with_facts(&paid, &[converted.expect("converted")]);
    let owing = after(&paid, &own_transfer(&[("trr_1", 499, None)]));
    let sent = owing.next_instruction(now()).and_then(|next| next.sent);
    assert_eq!(sent, Money::new(69_200, currency("isk")).ok(), "692.77 crowns");
}

#[test]
fn what_is_worth_less_than_the_smallest_unit_is_not_sent() {
    let paid = settled_as(5, "jpy");
    let owing = after(&paid, &own_transfer(&[("trr_1", 100, None)]));
    assert_eq!((owing.state.to_recover(), owing.next_instruction(now())), (-100, None), "0.47 yen");
}

fn disputed_in(payment: &Payment, code: &str, amount: i64, transactions: &[(&str, i64)]) -> DisputeSnapshot {
    let transactions: Vec<_> = transactions
        .iter()
        .map(|(id, amount)| DisputeTransaction {
            currency: currency("eur"),
            ..transaction(id, *amount, 1_500)
        })
        .collect();
    assert!(payment.state.succeeded);
    DisputeSnapshot {
        amount,
        currency: code.to_owned(),
        ..dispute_snapshot(1_020, DisputeStatus::NeedsResponse, &transactions)
    }
}

#[test]
fn a_dispute_in_the_cards_currency_takes_its_part_of_the_converted_charge() {
    let paid = paid();
    let half = disputed_in(&paid, "gbp", 400, &[("txn_w", -490)]);
    let disputed = after(&paid, &Snapshot::Dispute(half));
    assert_eq!(disputed.state.disputes.charged_amount(), 531, "4.90 of 9.80 euros are half of 10.61 dollars");
    let shown: Vec<_> = disputed.state.disputes.summaries.values().map(|it| it.amount).collect();
    assert_eq!(shown, [531]);
    let whole = disputed_in(&paid, "gbp", 850, &[("txn_w", -990)]);
    let disputed = after(&paid, &Snapshot::Dispute(whole));
    assert_eq!(
        disputed.state.disputes.charged_amount(),
        TOTAL,
        "the rate has moved; more than all is not withdrawn"
    );
    let kind =
        BalanceTransactionKind::Dispute(disputed.state.disputes.summaries.keys().next().expect("it").clone());
    let booked = in_euros(&disputed, "txn_w", &kind, -990);
    assert_sound(&booked);
    let withdrawn = &booked.state.conversions[&TransactionId::parse("txn_w").expect("id")];
    assert_eq!((withdrawn.amount, withdrawn.converted), (-TOTAL, -990));
}

#[test]
fn funds_withdrawn_a_second_time_in_the_balances_currency_are_the_rest_of_the_dispute() {
    let paid = paid();
    let steps: [&[(&str, i64)]; 3] = [&[("txn_1", -980)], &[("txn_2", 975)], &[("txn_3", -985)]];
    let mut payment = paid.clone();
    let mut known: Vec<(&str, i64)> = Vec::new();
    for (step, withdrawn) in steps.iter().zip([TOTAL, 0, TOTAL]) {
        known.extend(step.iter());
        payment = after(&payment, &Snapshot::Dispute(disputed_in(&paid, "usd", TOTAL, &known)));
        assert_eq!(payment.state.disputes.charged_amount(), withdrawn);
    }
    let at_once = Snapshot::Dispute(disputed_in(&paid, "usd", TOTAL, &known));
    assert_eq!(at_once.facts(&paid).map_err(|mismatch| mismatch.field), Err("dispute currency"));
}

#[test]
fn a_converted_dispute_that_grows_takes_the_rest_of_its_amount() {
    let paid = paid();
    let part = disputed_in(&paid, "usd", 400, &[("txn_1", -370)]);
    let disputed = after(&paid, &Snapshot::Dispute(part));
    assert_eq!(disputed.state.disputes.charged_amount(), 400);
    let whole = disputed_in(&paid, "usd", TOTAL, &[("txn_1", -370), ("txn_2", -611)]);
    let disputed = after(&disputed, &Snapshot::Dispute(whole));
    assert_eq!(disputed.state.disputes.charged_amount(), TOTAL);
}

#[test]
fn a_part_of_a_converted_dispute_that_is_reinstated_cannot_be_attributed() {
    let paid = paid();
    let withdrawn = disputed_in(&paid, "usd", TOTAL, &[("txn_1", -980)]);
    let disputed = after(&paid, &Snapshot::Dispute(withdrawn));
    let reinstated = |amount| {
        let both = disputed_in(&paid, "usd", TOTAL, &[("txn_1", -980), ("txn_2", amount)]);
        Snapshot::Dispute(both).facts(&disputed).map_err(|mismatch| mismatch.field).map(|facts| facts.len())
    };
    assert_eq!((reinstated(490), reinstated(881)), (Err("dispute currency"), Err("dispute currency")));
    assert_eq!((reinstated(882), reinstated(1_078)), (Ok(2), Ok(2)), "rates move");
    assert_eq!(reinstated(1_079), Err("dispute currency"));
}

#[test]
fn a_refund_decides_a_reversal_in_the_transfers_currency() {
    let facts = with_decisions(&paid(), &refund("re_1", 1_061, RefundStatus::Pending, None));
    let instruction = instruction_in(&facts).expect("decided");
    assert_eq!((instruction.amount, instruction.sent), (1_000, None));
}
