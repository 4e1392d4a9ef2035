//! Transfer instructions: one at a time, until nothing is to be recovered or retransferred.

use crate::fixture::*;
use crate::permutations::assert_entries_kept;
use payments::{
    Currency, Fact, InstructionKind, InstructionOutcome, IntentStatus, Payment, RefundStatus, Snapshot,
    Timestamp, TransferFact, TransferId, TransferInstruction, TransferSnapshot,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const NOW: i64 = CREATED_S + 500;

/// Where the platform's balance is not known.
fn unknown() -> BTreeMap<Currency, i64> {
    BTreeMap::new()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_seconds(NOW)
}

/// Stripe's transfer once the instruction is executed.
fn executed(payment: &Payment, decided: &TransferInstruction) -> Snapshot {
    let number = decided.number;
    match &decided.kind {
        InstructionKind::Transfer => retransfer(&format!("tr_retransfer{number}"), decided.amount, number),
        InstructionKind::Reversal(of) => {
            let reversal = (format!("trr_{number}x"), decided.amount, Some(number));
            let reversals = [(reversal.0.as_str(), reversal.1, reversal.2)];
            let Snapshot::Transfer(own) = own_transfer(&reversals) else { unreachable!() };
            let amount = payment.state.transfers.retransfers.get(of).map(|retransfer| retransfer.amount);
            Snapshot::Transfer(TransferSnapshot {
                id: of.clone(),
                amount: amount.unwrap_or(own.amount),
                number: amount.map(|_| number_of(of)),
                ..own
            })
        }
    }
}

fn number_of(retransfer: &TransferId) -> u32 {
    retransfer.as_str().trim_start_matches("tr_retransfer").parse().unwrap_or(1)
}

pub(crate) fn with_outcome(payment: &Payment, outcome: InstructionOutcome) -> Payment {
    let decided = payment.state.transfers.outstanding().expect("outstanding").clone();
    with_facts(
        payment,
        &[Fact::Transfer(TransferFact::Instruction(TransferInstruction { outcome, ..decided }))],
    )
}

/// Executes instructions until none is left.
pub(crate) fn execute_all(payment: &Payment) -> Payment {
    let mut payment = payment.clone();
    if payment.state.transfers.outstanding().is_some() {
        payment = with_outcome(&payment, InstructionOutcome::Refused("never_sent".to_owned()));
    }
    for _ in 0..20 {
        let Some(decided) = payment.next_instruction(now()) else {
            assert_eq!(payment.state.to_recover(), 0, "nothing is left");
            return payment;
        };
        assert!(decided.amount > 0 && decided.amount <= payment.state.to_recover().abs());
        let fact = Fact::Transfer(TransferFact::Instruction(decided.clone()));
        let waiting = with_facts(&payment, &[fact]);
        assert_eq!(waiting.next_instruction(now()), None, "one instruction at a time");
        let next = after(&waiting, &executed(&waiting, &decided));
        assert_eq!(next.state.transfers.outstanding(), None, "its outcome is known");
        assert_entries_kept(&payment, &next);
        payment = next;
    }
    panic!("{} is left after 20 instructions", payment.state.to_recover());
}

pub(crate) fn paid() -> Payment {
    after_all(&new_payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

pub(crate) fn refunded(amount: i64) -> Payment {
    after(&paid(), &refund("re_1", amount, RefundStatus::Succeeded, None))
}

pub(crate) fn instruction_in(facts: &[Fact]) -> Option<&TransferInstruction> {
    facts.iter().find_map(|fact| match fact {
        Fact::Transfer(TransferFact::Instruction(decided)) => Some(decided),
        Fact::Intent(_)
        | Fact::Phase(..)
        | Fact::Charge(..)
        | Fact::Card(_)
        | Fact::Declined(..)
        | Fact::Succeeded
        | Fact::Settled(_)
        | Fact::Canceled
        | Fact::Closed(_)
        | Fact::ReceiptRefused
        | Fact::CustomerReplaced(_)
        | Fact::CustomerDropped
        | Fact::Fee(..)
        | Fact::Conversion(..)
        | Fact::Transfer(_)
        | Fact::Refund(_)
        | Fact::Dispute(_)
        | Fact::FraudWarning(_)
        | Fact::Conflict(_)
        | Fact::Refreshed(_)
        | Fact::LedgerChecked(_) => None,
    })
}

pub(crate) fn with_decisions(payment: &Payment, snapshot: &Snapshot) -> Vec<Fact> {
    payment.with_decisions(snapshot.facts(payment).expect("of this payment"), now())
}

#[test]
fn no_instruction_while_nothing_is_to_recover_or_no_transfer_is_known() {
    assert_eq!(paid().next_instruction(now()), None);
    let without = after(&new_payment(), &refund("re_1", 1_061, RefundStatus::Succeeded, None));
    assert_eq!((without.state.to_recover(), without.next_instruction(now())), (0, None));
    let settled = with_facts(&without, &[Fact::Succeeded]);
    assert_eq!((settled.state.to_recover(), settled.next_instruction(now())), (1_000, None));
}

#[test]
fn a_refund_decides_its_reversal_in_the_same_write() {
    let facts = with_decisions(&paid(), &refund("re_1", 1_061, RefundStatus::Pending, None));
    let expected = TransferInstruction {
        number: 1,
        kind: reversal_of_own(),
        amount: 1_000,
        sent: None,
        decided_at: now(),
        outcome: InstructionOutcome::Pending,
        destination: None,
        covered: false,
        refused_since: None,
    };
    assert_eq!(instruction_in(&facts), Some(&expected));
    assert_eq!(with_facts(&paid(), &facts).state.transfers.outstanding(), Some(&expected));
}

#[test]
fn a_change_names_the_instruction_that_it_decides_and_no_other() {
    let facts = with_decisions(&paid(), &refund("re_1", 1_061, RefundStatus::Pending, None));
    let decided = paid().join(&facts).expect("a change");
    assert_eq!(decided.decided, Some(1));
    let executed = with_outcome(&decided.after, InstructionOutcome::Executed);
    let instruction = executed.state.transfers.last_instruction.clone().expect("an instruction");
    let outcome = decided.after.join(&[Fact::Transfer(TransferFact::Instruction(instruction))]);
    assert_eq!(outcome.expect("a change").decided, None, "its outcome decides nothing");
    let other = decided.after.join(&[Fact::Refreshed(now())]);
    assert_eq!(other.expect("a change").decided, None, "it was decided before");
}

#[test]
fn an_instruction_is_left_to_its_decider_for_five_seconds() {
    let facts = with_decisions(&paid(), &refund("re_1", 1_061, RefundStatus::Pending, None));
    let instruction = instruction_in(&facts).expect("an instruction");
    let left_ms = |after_ms| {
        instruction.left_to_decider_ms(Timestamp::from_millis(instruction.decided_at.millis() + after_ms))
    };
    assert_eq!([0, 1, 4_999, 5_000, 60_000].map(left_ms), [5_000, 4_999, 1, 0, 0]);
    assert_eq!(left_ms(-60_000), 5_000, "whose clock is ahead");
}

#[test]
fn after_a_refusal_the_next_instruction_waits_until_the_amount_to_recover_changes() {
    let waiting =
        with_facts(&refunded(106), &[instruction(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    let code = || InstructionOutcome::Refused("balance_insufficient".to_owned());
    let refusal = instruction(1, reversal_of_own(), 99, code());
    let facts = waiting.with_decisions(vec![refusal], now());
    assert_eq!(instruction_in(&facts).map(|decided| &decided.outcome), Some(&code()));
    assert_eq!(facts.len(), 1);
    let refused = with_facts(&waiting, &facts);
    assert!(refused.state.transfers.is_refused() && !waiting.state.transfers.is_refused());
    assert_eq!(refused.with_decisions(vec![], now()), []);
    let more = with_decisions(&refused, &refund("re_2", 106, RefundStatus::Succeeded, None));
    assert_eq!(instruction_in(&more).map(|next| (next.number, next.amount)), Some((2, 199)));
    assert_eq!(refused.next_instruction(now()).map(|next| (next.number, next.amount)), Some((2, 99)));
}

#[test]
fn refused_instructions_are_retried_with_pauses_that_grow_up_to_a_day() {
    let refuse = |payment: &Payment| {
        with_outcome(payment, InstructionOutcome::Refused("balance_insufficient".to_owned()))
    };
    let mut payment = refunded(106);
    let (mut now_s, mut tries) = (NOW, Vec::new());
    while tries.len() < 12 {
        let at = |s| Timestamp::from_seconds(s);
        let mut minutes = (now_s..=now_s + 86_400).step_by(60);
        let due_s = minutes.find(|s| payment.due_instruction(at(*s), &unknown()).is_some()).expect("retried");
        let decided = payment.due_instruction(at(due_s), &unknown()).expect("due");
        payment = refuse(&with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(decided))]));
        assert_eq!(payment.due_instruction(at(due_s + 299), &unknown()), None);
        assert!(payment.next_instruction(at(due_s)).is_some(), "the amount is still to be recovered");
        tries.push(due_s - now_s);
        now_s = due_s;
    }
    assert_eq!(tries[..6], [0, 300, 300, 300, 480, 720]);
    assert!(tries.is_sorted() && tries.iter().sum::<i64>() > 2 * 3_600, "{tries:?}");
    let last = payment.state.transfers.last_instruction.clone().expect("an instruction");
    assert_eq!((last.number, last.refused_since), (12, Some(now())));
    let long_ago =
        TransferInstruction { refused_since: Some(Timestamp::from_seconds(0)), number: 13, ..last };
    let decided_at = Timestamp::from_seconds(30 * 86_400);
    let payment = with_facts(
        &payment,
        &[Fact::Transfer(TransferFact::Instruction(TransferInstruction { decided_at, ..long_ago }))],
    );
    assert_eq!(payment.due_instruction(decided_at.plus_seconds(86_399), &unknown()), None);
    assert!(payment.due_instruction(decided_at.plus_seconds(86_400), &unknown()).is_some());
}

#[test]
fn a_retransfer_does_not_wait_for_the_pause_after_a_refused_reversal() {
    let refused = InstructionOutcome::Refused("charge_already_reversed".to_owned());
    let refused = with_facts(&refunded(106), &[instruction(1, reversal_of_own(), 99, refused)]);
    let soon = Timestamp::from_seconds(1_201);
    assert_eq!(refused.due_instruction(soon, &unknown()), None, "another reversal waits");
    let reversed_by_hand = after_all(&refused, &[own_transfer(&[("trr_by_hand", 1_000, None)])]);
    let next = reversed_by_hand.due_instruction(soon, &unknown()).expect("a retransfer");
    assert_eq!((next.kind, next.amount), (InstructionKind::Transfer, 901));
}

#[test]
fn an_instruction_after_an_executed_one_follows_no_refusal() {
    let executed =
        with_facts(&refunded(106), &[instruction(1, reversal_of_own(), 99, InstructionOutcome::Executed)]);
    let next = executed.due_instruction(now(), &unknown()).expect("an instruction");
    assert_eq!((next.number, next.refused_since), (2, None));
}

#[test]
fn an_outstanding_instruction_is_executed_only_by_its_own_number_and_kind() {
    let waiting =
        with_facts(&refunded(106), &[instruction(2, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    for (snapshot, executes) in [
        (own_transfer(&[("trr_1", 99, Some(2))]), true),
        (own_transfer(&[("trr_1", 99, Some(1))]), false),
        (own_transfer(&[("trr_1", 99, None)]), false),
        (retransfer("tr_2", 99, 2), false),
    ] {
        let next = after(&waiting, &snapshot);
        assert_eq!(next.state.transfers.outstanding().is_none(), executes, "{snapshot:?}");
    }
}

#[test]
fn only_reconciliation_retransfers_after_a_reversal_that_we_did_not_make() {
    let facts = with_decisions(&paid(), &own_transfer(&[("trr_1", 471, None)]));
    assert_eq!(instruction_in(&facts), None);
    let reversed = with_facts(&paid(), &facts);
    assert_eq!(
        reversed.next_instruction(now()).map(|next| (next.kind, next.amount)),
        Some((InstructionKind::Transfer, 471))
    );
    let refunded = with_decisions(&reversed, &refund("re_1", 500, RefundStatus::Succeeded, None));
    assert_eq!(instruction_in(&refunded), None, "the refund arrived later");
    assert_eq!(with_facts(&reversed, &refunded).state.to_recover(), 0);
}

#[test]
fn a_refund_that_fails_after_its_reversal_is_retransferred_at_once() {
    let reversed = after(&refunded(106), &own_transfer(&[("trr_1", 99, Some(1))]));
    let facts = with_decisions(&reversed, &refund("re_1", 106, RefundStatus::Failed, None));
    assert_eq!(
        instruction_in(&facts).map(|next| (&next.kind, next.amount)),
        Some((&InstructionKind::Transfer, 99))
    );
}

#[test]
fn a_refund_that_fails_during_its_reversal_is_retransferred_after_the_reversal() {
    let waiting =
        with_facts(&refunded(106), &[instruction(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    let facts = with_decisions(&waiting, &refund("re_1", 106, RefundStatus::Failed, None));
    assert_eq!(instruction_in(&facts), None, "one instruction at a time");
    let failed = with_facts(&waiting, &facts);
    let facts = with_decisions(&failed, &own_transfer(&[("trr_1", 99, Some(1))]));
    let next = facts.iter().rev().find_map(|fact| instruction_in(std::slice::from_ref(fact)));
    assert_eq!(
        next.map(|next| (next.number, &next.kind, next.amount)),
        Some((2, &InstructionKind::Transfer, 99))
    );
}

#[test]
fn a_retransfer_can_be_reversed() {
    let retransferred = after_all(
        &with_facts(&refunded(1_061), &[decided_retransfer(2, 300)]),
        &[own_transfer(&[("trr_1", 1_000, Some(1))]), retransfer("tr_retransfer2", 300, 2)],
    );
    let next = retransferred.next_instruction(now()).expect("an instruction");
    let of_retransfer = InstructionKind::Reversal(TransferId::parse("tr_retransfer2").expect("id"));
    assert_eq!((next.kind, next.amount), (of_retransfer, 300));
    assert_eq!(execute_all(&retransferred).state.to_recover(), 0);
}

#[test]
fn an_instruction_reverses_no_more_than_one_transfer_has_left() {
    let partly = after_all(
        &with_facts(&refunded(1_061), &[decided_retransfer(2, 200)]),
        &[own_transfer(&[("trr_1", 700, Some(1))]), retransfer("tr_retransfer2", 200, 2)],
    );
    let next = partly.next_instruction(now()).expect("an instruction");
    assert_eq!((next.kind, next.amount), (reversal_of_own(), 300));
    assert_eq!(execute_all(&partly).state.to_recover(), 0);
}

proptest! {
    #[test]
    fn instructions_bring_the_amount_to_recover_to_zero_after_any_history(
        steps in prop::collection::vec((1_i64..1_062, 0_u8..4), 1..8),
    ) {
        let mut payment = paid();
        for (at, (amount, step)) in steps.into_iter().enumerate() {
            let id = format!("re_{at}");
            payment = match step {
                0 => after(&payment, &refund(&id, amount, RefundStatus::Succeeded, None)),
                1 => after(&payment, &refund(&id, amount, RefundStatus::Failed, None)),
                2 => match payment.state.refunds.at_stripe.keys().next().cloned() {
                    Some(first) => {
                        let whole = payment.state.refunds.at_stripe[&first].split.clone();
                        let whole = whole.creator + whole.platform;
                        after(&payment, &refund(first.as_str(), whole, RefundStatus::Failed, None))
                    }
                    None => payment,
                },
                _ => execute_all(&payment),
            };
        }
        let executed = execute_all(&payment);
        prop_assert_eq!(
            crate::ledger::balance(&executed, "creator:ana"),
            CHOSEN - payment.state.refunds.creator_amount()
        );
    }
}
