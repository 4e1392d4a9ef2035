//! Retransfers in another currency are reversed to their last unit, whether their numbers are greater or smaller than the
//! payment's.

use crate::conversion::settled_as;
use crate::fixture::*;
use crate::ledger::{assert_sound, balance};
use crate::transfer::now;
use payments::{
    Fact, InstructionKind, Payment, RefundStatus, ReversalId, ReversalSnapshot, Snapshot, TransferFact,
    TransferId, TransferInstruction, TransferSnapshot,
};
use proptest::prelude::*;

type Reversals = Vec<(String, i64, Option<u32>)>;

/// The transfers of a payment of 10.61 dollars as Stripe has them: whole numbers of a currency's steps, and no reversal beyond
/// what is left.
struct AtStripe {
    code: &'static str,
    own: Reversals,
    /// The number of the instruction, the amount and the reversals of each retransfer.
    retransfers: Vec<(u32, i64, Reversals)>,
}

impl AtStripe {
    fn new(code: &'static str) -> Self {
        Self { code, own: Vec::new(), retransfers: Vec::new() }
    }

    /// Everything that the payment decides, until it decides nothing more.
    fn execute_all(&mut self, mut payment: Payment) -> Payment {
        for _ in 0..100 {
            let Some(decided) = payment.next_instruction(now()) else { return payment };
            payment = with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(decided.clone()))]);
            self.execute(&decided, payment.terms.chosen.currency());
            payment = self.seen_by(&payment);
            assert_eq!(payment.state.transfers.outstanding(), None, "{decided:?}");
        }
        panic!("{} is left after 100 instructions", payment.state.to_recover());
    }

    fn execute(&mut self, decided: &TransferInstruction, own: payments::Currency) {
        let (amount, in_currency) = decided.sent_amount(own);
        assert!(amount > 0 && amount % in_currency.step() == 0, "{decided:?}");
        let reversal = (format!("trr_{}", decided.number), amount, Some(decided.number));
        match &decided.kind {
            InstructionKind::Transfer => self.retransfers.push((decided.number, amount, Vec::new())),
            InstructionKind::Reversal(of) if of.as_str() == "tr_own" => self.own.push(reversal),
            InstructionKind::Reversal(of) => {
                let number = of.as_str().trim_start_matches("tr_").parse::<u32>().expect("a number");
                let at = self.retransfers.iter().position(|(it, ..)| *it == number).expect("made");
                assert!(amount <= self.left(at), "Stripe refuses more than is left: {decided:?}");
                self.retransfers[at].2.push(reversal);
            }
        }
    }

    fn left(&self, at: usize) -> i64 {
        let (_, amount, reversals) = &self.retransfers[at];
        amount - reversals.iter().map(|(_, amount, _)| amount).sum::<i64>()
    }

    /// Somebody reverses a part, in thousandths, of what is left of the last retransfer.
    fn reverse_by_hand(&mut self, thousandths: i64) {
        let Some(last) = self.retransfers.len().checked_sub(1) else { return };
        let step = currency(self.code).step();
        let amount = self.left(last) * thousandths / 1_000 / step * step;
        let reversals = &mut self.retransfers[last].2;
        if amount > 0 {
            reversals.push((format!("trr_{last}hand{}", reversals.len()), amount, None));
        }
    }

    /// The payment once it knows all of them.
    fn seen_by(&self, payment: &Payment) -> Payment {
        let snapshots: Vec<Snapshot> = self.retransfers.iter().map(|it| self.snapshot(it)).collect();
        let own: Vec<_> =
            self.own.iter().map(|(id, amount, number)| (id.as_str(), *amount, *number)).collect();
        let seen = after_all(&after(payment, &own_transfer(&own)), &snapshots);
        assert!(seen.state.conflicts.is_empty(), "{:?}", seen.state.conflicts);
        assert_eq!(after_all(&seen, &snapshots), seen, "a repetition changes nothing");
        assert_sound(&seen);
        seen
    }

    fn snapshot(&self, (number, amount, reversals): &(u32, i64, Reversals)) -> Snapshot {
        let reversal = |(id, amount, number): &(String, i64, Option<u32>)| ReversalSnapshot {
            id: ReversalId::parse(id).expect("id"),
            amount: *amount,
            currency: self.code.to_owned(),
            number: *number,
        };
        Snapshot::Transfer(TransferSnapshot {
            id: TransferId::parse(&format!("tr_{number}")).expect("id"),
            amount: *amount,
            currency: self.code.to_owned(),
            charge: None,
            number: Some(*number),
            reversals: reversals.iter().map(reversal).collect(),
            ..transfer_snapshot()
        })
    }
}

fn refunded(payment: &Payment, id: usize, amount: i64, status: RefundStatus) -> Payment {
    after(payment, &refund(&format!("re_{id}"), amount, status, None))
}

#[test]
fn a_share_that_was_paid_again_in_greater_numbers_is_taken_back_again_and_as_often_as_it_comes() {
    let (mut payment, mut stripe) = (settled_as(1_146, "eur"), AtStripe::new("eur"));
    for id in 0..3 {
        payment = stripe.execute_all(refunded(&payment, id, TOTAL, RefundStatus::Pending));
        assert_eq!((payment.state.to_recover(), balance(&payment, "creator:ana")), (0, 0));
        payment = stripe.execute_all(refunded(&payment, id, TOTAL, RefundStatus::Failed));
        assert_eq!((payment.state.to_recover(), balance(&payment, "creator:ana")), (0, CHOSEN));
    }
    let sent: Vec<_> = stripe.retransfers.iter().map(|(_, sent, _)| *sent).collect();
    assert_eq!(sent, [1_080; 3]);
}

#[test]
fn reversals_by_hand_count_together_for_what_they_return_and_a_unit_is_not_lost_with_each() {
    let (payment, mut stripe) = (settled_as(1_061 * 200, "eur"), AtStripe::new("eur"));
    let failed = stripe.execute_all(refunded(&payment, 0, TOTAL, RefundStatus::Pending));
    let again = stripe.execute_all(refunded(&failed, 0, TOTAL, RefundStatus::Failed));
    for (id, returned) in [("trr_a", 0), ("trr_b", -1), ("trr_c", -2), ("trr_d", -3)] {
        stripe.retransfers[0].2.push((id.to_owned(), 199, None));
        let seen = stripe.seen_by(&again);
        assert_eq!(seen.state.to_recover(), returned, "{id}");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Refund { thousandths: i64 },
    Fail,
    ReverseByHand { thousandths: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1_i64..=1_000).prop_map(|thousandths| Step::Refund { thousandths }),
        3 => Just(Step::Fail),
        1 => (1_i64..=1_000).prop_map(|thousandths| Step::ReverseByHand { thousandths }),
    ]
}

/// From a hundredth of the number to ten thousand times it: yen and dinars differ so.
fn settled() -> impl Strategy<Value = i64> {
    prop_oneof![10_i64..2_000, 2_000_i64..11_000_000, Just(10_i64), Just(TOTAL), Just(10_000 * TOTAL)]
}

proptest! {
    #[test]
    fn whatever_is_refunded_fails_and_is_reversed_by_hand_all_comes_back_with_the_last_refund(
        settled in settled(),
        code in prop_oneof![Just("eur"), Just("jpy"), Just("kwd")],
        steps in prop::collection::vec(step(), 1..8),
    ) {
        let (mut payment, mut stripe) = (settled_as(settled, code), AtStripe::new(code));
        let mut refunds: Vec<(usize, i64)> = Vec::new();
        let is_exact = settled >= TOTAL * currency(code).step();
        for (id, step) in steps.iter().enumerate() {
            let left = TOTAL - refunds.iter().map(|(_, amount)| amount).sum::<i64>();
            match step {
                Step::Refund { thousandths } if left > 0 => {
                    let amount = (left * thousandths / 1_000).max(1);
                    refunds.push((id, amount));
                    payment = refunded(&payment, id, amount, RefundStatus::Succeeded);
                }
                Step::Fail => if let Some((id, amount)) = refunds.pop() {
                    payment = refunded(&payment, id, amount, RefundStatus::Failed);
                },
                Step::ReverseByHand { thousandths } => {
                    stripe.reverse_by_hand(*thousandths);
                    payment = stripe.seen_by(&payment);
                }
                Step::Refund { .. } => {}
            }
            payment = stripe.execute_all(payment);
            let by_hand = steps.iter().any(|step| matches!(step, Step::ReverseByHand { .. }));
            prop_assert!(!is_exact || by_hand || payment.state.to_recover() == 0);
        }
        let left = TOTAL - refunds.iter().map(|(_, amount)| amount).sum::<i64>();
        if left > 0 {
            payment = refunded(&payment, steps.len(), left, RefundStatus::Succeeded);
        }
        payment = stripe.execute_all(payment);
        prop_assert_eq!((payment.state.to_recover(), balance(&payment, "creator:ana")), (0, 0));
        prop_assert!((0..stripe.retransfers.len()).all(|at| stripe.left(at) == 0), "{:?}", stripe.retransfers);
    }
}
