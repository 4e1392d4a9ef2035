//! The movements of the creator's share: one at a time, until nothing is owed.

use crate::fixture::*;
use crate::permutations::assert_only_grown;
use payments::{
    Fact, InstructionKind, InstructionOutcome, IntentStatus, Payment, RefundStatus, Snapshot, Timestamp,
    TransferFact, TransferId, TransferInstruction, TransferSnapshot,
};
use proptest::prelude::*;

const NOW: i64 = CREATED_S + 500;

fn now() -> Timestamp {
    Timestamp::from_seconds(NOW)
}

/// The sight of Stripe's object once our movement is made.
fn made(known: &Payment, decided: &TransferInstruction) -> Snapshot {
    let number = decided.number;
    match &decided.kind {
        InstructionKind::Transfer => transfer_again(&format!("tr_again{number}"), decided.amount, number),
        InstructionKind::Reversal(of) => {
            let reversal = (format!("trr_{number}x"), decided.amount, Some(number));
            let reversals = [(reversal.0.as_str(), reversal.1, reversal.2)];
            let Snapshot::Transfer(own) = own_transfer(&reversals) else { unreachable!() };
            let amount = known.state.transfers.retransfers.get(of).copied();
            Snapshot::Transfer(TransferSnapshot {
                id: of.clone(),
                amount: amount.unwrap_or(own.amount),
                number: amount.map(|_| number_of(of)),
                ..own
            })
        }
    }
}

fn number_of(again: &TransferId) -> u32 {
    again.as_str().trim_start_matches("tr_again").parse().unwrap_or(1)
}

fn end(known: &Payment, outcome: InstructionOutcome) -> Payment {
    let decided = known.state.transfers.outstanding().expect("outstanding").clone();
    knowing(known, &[Fact::Transfer(TransferFact::Instruction(TransferInstruction { outcome, ..decided }))])
}

/// Makes every movement that is called for, at Stripe too. Without the charge's own transfer there is none.
pub(crate) fn settle(payment: &Payment) -> Payment {
    let mut known = payment.clone();
    if known.state.transfers.outstanding().is_some() {
        known = end(&known, InstructionOutcome::Refused("never_sent".to_owned()));
    }
    for _ in 0..20 {
        let Some(decided) = known.next_instruction(now()) else {
            assert_eq!(known.state.to_recover(), 0, "nothing more is moved");
            return known;
        };
        assert!(decided.amount > 0 && decided.amount <= known.state.to_recover().abs());
        let fact = Fact::Transfer(TransferFact::Instruction(decided.clone()));
        let waiting = knowing(&known, &[fact]);
        assert_eq!(waiting.next_instruction(now()), None, "one movement at a time");
        let next = after(&waiting, &made(&waiting, &decided));
        assert_eq!(next.state.transfers.outstanding(), None, "its end is known");
        assert_only_grown(&known, &next);
        known = next;
    }
    panic!("20 movements did not bring {} to zero", payment.state.to_recover());
}

fn paid() -> Payment {
    after_all(&payment(), &[intent(1_001, IntentStatus::Succeeded), charge_with_fee()])
}

fn refunded(amount: i64) -> Payment {
    after(&paid(), &refund("re_1", amount, RefundStatus::Succeeded, None))
}

fn decided(facts: &[Fact]) -> Option<&TransferInstruction> {
    facts.iter().find_map(|fact| match fact {
        Fact::Transfer(TransferFact::Instruction(decided)) => Some(decided),
        _ => None,
    })
}

fn with_decisions(known: &Payment, seen: &Snapshot) -> Vec<Fact> {
    known.with_decisions(seen.facts(known).expect("of this payment"), now())
}

#[test]
fn nothing_moves_while_nothing_is_owed_or_the_own_transfer_is_not_known() {
    assert_eq!(paid().next_instruction(now()), None);
    let without = after(&payment(), &refund("re_1", 1_061, RefundStatus::Succeeded, None));
    assert_eq!((without.state.to_recover(), without.next_instruction(now())), (1_000, None));
}

#[test]
fn a_refund_calls_for_its_reversal_in_the_same_write() {
    let facts = with_decisions(&paid(), &refund("re_1", 1_061, RefundStatus::Pending, None));
    let expected = TransferInstruction {
        number: 1,
        kind: reversal_of_own(),
        amount: 1_000,
        decided_at: now(),
        outcome: InstructionOutcome::Pending,
        refused_since: None,
    };
    assert_eq!(decided(&facts), Some(&expected));
    assert_eq!(knowing(&paid(), &facts).state.transfers.outstanding(), Some(&expected));
}

#[test]
fn after_a_refusal_the_next_movement_waits_until_something_else_is_owed() {
    let waiting = knowing(&refunded(106), &[moved(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    let code = || InstructionOutcome::Refused("balance_insufficient".to_owned());
    let refusal = moved(1, reversal_of_own(), 99, code());
    let told = waiting.with_decisions(vec![refusal], now());
    assert_eq!(decided(&told).map(|decided| &decided.outcome), Some(&code()));
    assert_eq!(told.len(), 1);
    let refused = knowing(&waiting, &told);
    assert!(refused.state.transfers.is_refused() && !waiting.state.transfers.is_refused());
    assert_eq!(refused.with_decisions(vec![], now()), []);
    let more = with_decisions(&refused, &refund("re_2", 106, RefundStatus::Succeeded, None));
    assert_eq!(decided(&more).map(|next| (next.number, next.amount)), Some((2, 198)));
    assert_eq!(refused.next_instruction(now()).map(|next| (next.number, next.amount)), Some((2, 99)));
}

#[test]
fn what_stripe_goes_on_refusing_is_tried_at_growing_pauses_and_once_a_day_at_the_least() {
    let refuse = |known: &Payment| end(known, InstructionOutcome::Refused("balance_insufficient".to_owned()));
    let mut known = refunded(106);
    let (mut now_s, mut tries) = (NOW, Vec::new());
    while tries.len() < 12 {
        let at = |s| Timestamp::from_seconds(s);
        let mut minutes = (now_s..=now_s + 86_400).step_by(60);
        let due_s = minutes.find(|s| known.next_attempt(at(*s)).is_some()).expect("tried again");
        let decided = known.next_attempt(at(due_s)).expect("it is time");
        known = refuse(&knowing(&known, &[Fact::Transfer(TransferFact::Instruction(decided))]));
        assert_eq!(known.next_attempt(at(due_s + 299)), None);
        assert!(known.next_instruction(at(due_s)).is_some(), "it is still owed");
        tries.push(due_s - now_s);
        now_s = due_s;
    }
    assert_eq!(tries[..6], [0, 300, 300, 300, 480, 720]);
    assert!(tries.is_sorted() && tries.iter().sum::<i64>() > 2 * 3_600, "{tries:?}");
    let last = known.state.transfers.last_instruction.clone().expect("a movement");
    assert_eq!((last.number, last.refused_since), (12, Some(now())));
    let long_ago =
        TransferInstruction { refused_since: Some(Timestamp::from_seconds(0)), number: 13, ..last };
    let decided_at = Timestamp::from_seconds(30 * 86_400);
    let known = knowing(
        &known,
        &[Fact::Transfer(TransferFact::Instruction(TransferInstruction { decided_at, ..long_ago }))],
    );
    assert_eq!(known.next_attempt(decided_at.plus_seconds(86_399)), None);
    assert!(known.next_attempt(decided_at.plus_seconds(86_400)).is_some());
}

#[test]
fn a_movement_after_one_that_was_made_follows_no_refusal() {
    let made = knowing(&refunded(106), &[moved(1, reversal_of_own(), 99, InstructionOutcome::Executed)]);
    let next = made.next_attempt(now()).expect("owed");
    assert_eq!((next.number, next.refused_since), (2, None));
}

#[test]
fn an_outstanding_movement_is_not_taken_for_another_one() {
    let waiting = knowing(&refunded(106), &[moved(2, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    for (seen, is_it) in [
        (own_transfer(&[("trr_1", 99, Some(2))]), true),
        (own_transfer(&[("trr_1", 99, Some(1))]), false),
        (own_transfer(&[("trr_1", 99, None)]), false),
        (transfer_again("tr_2", 99, 2), false),
    ] {
        let next = after(&waiting, &seen);
        assert_eq!(next.state.transfers.outstanding().is_none(), is_it, "{seen:?}");
    }
}

#[test]
fn what_somebody_else_took_back_is_given_again_by_reconciliation_only() {
    let facts = with_decisions(&paid(), &own_transfer(&[("trr_1", 471, None)]));
    assert_eq!(decided(&facts), None);
    let reversed = knowing(&paid(), &facts);
    assert_eq!(
        reversed.next_instruction(now()).map(|next| (next.kind, next.amount)),
        Some((InstructionKind::Transfer, 471))
    );
    let refunded = with_decisions(&reversed, &refund("re_1", 500, RefundStatus::Succeeded, None));
    assert_eq!(decided(&refunded), None, "the refund was on its way");
    assert_eq!(knowing(&reversed, &refunded).state.to_recover(), 0);
}

#[test]
fn a_refund_that_fails_after_its_reversal_is_given_again_at_once() {
    let reversed = after(&refunded(106), &own_transfer(&[("trr_1", 99, Some(1))]));
    let facts = with_decisions(&reversed, &refund("re_1", 106, RefundStatus::Failed, None));
    assert_eq!(decided(&facts).map(|next| (&next.kind, next.amount)), Some((&InstructionKind::Transfer, 99)));
}

#[test]
fn a_refund_that_fails_while_its_reversal_is_on_its_way_is_given_again_when_that_is_made() {
    let waiting = knowing(&refunded(106), &[moved(1, reversal_of_own(), 99, InstructionOutcome::Pending)]);
    let facts = with_decisions(&waiting, &refund("re_1", 106, RefundStatus::Failed, None));
    assert_eq!(decided(&facts), None, "one movement at a time");
    let failed = knowing(&waiting, &facts);
    let facts = with_decisions(&failed, &own_transfer(&[("trr_1", 99, Some(1))]));
    let next = facts.iter().rev().find_map(|fact| decided(std::slice::from_ref(fact)));
    assert_eq!(
        next.map(|next| (next.number, &next.kind, next.amount)),
        Some((2, &InstructionKind::Transfer, 99))
    );
}

#[test]
fn what_is_given_again_can_be_taken_back_again() {
    let again = after_all(
        &refunded(1_061),
        &[own_transfer(&[("trr_1", 1_000, Some(1))]), transfer_again("tr_again2", 300, 2)],
    );
    let next = again.next_instruction(now()).expect("owed");
    let of_again = InstructionKind::Reversal(TransferId::parse("tr_again2").expect("id"));
    assert_eq!((next.kind, next.amount), (of_again, 300));
    assert_eq!(settle(&again).state.to_recover(), 0);
}

#[test]
fn what_is_owed_beyond_one_transfer_is_taken_from_the_next() {
    let partly = after_all(
        &refunded(1_061),
        &[own_transfer(&[("trr_1", 700, Some(1))]), transfer_again("tr_again2", 200, 2)],
    );
    let next = partly.next_instruction(now()).expect("owed");
    assert_eq!((next.kind, next.amount), (reversal_of_own(), 300));
    assert_eq!(settle(&partly).state.to_recover(), 0);
}

proptest! {
    #[test]
    fn movements_bring_what_is_owed_to_zero_whatever_came_before(
        steps in prop::collection::vec((1_i64..1_062, 0_u8..4), 1..8),
    ) {
        let mut known = paid();
        for (at, (amount, step)) in steps.into_iter().enumerate() {
            let id = format!("re_{at}");
            known = match step {
                0 => after(&known, &refund(&id, amount, RefundStatus::Succeeded, None)),
                1 => after(&known, &refund(&id, amount, RefundStatus::Failed, None)),
                2 => match known.state.refunds.at_stripe.keys().next().cloned() {
                    Some(first) => {
                        let whole = known.state.refunds.at_stripe[&first].split.clone();
                        let whole = whole.creator + whole.platform;
                        after(&known, &refund(first.as_str(), whole, RefundStatus::Failed, None))
                    }
                    None => known,
                },
                _ => settle(&known),
            };
        }
        let settled = settle(&known);
        prop_assert_eq!(
            crate::ledger::balance(&settled, "creator:ana"),
            CHOSEN - known.state.refunds.creator_amount()
        );
    }
}
