//! Decides the next transfer instruction, which transfer it reverses first, and when it is left to reconciliation.

use crate::ids::TransferId;
use crate::payment::{
    Fact, InstructionKind, InstructionOutcome, Payment, TransferFact, TransferInstruction, Transfers,
};
use crate::timestamp::Timestamp;
use std::cmp::Ordering;

impl Payment {
    /// The transfer instruction that brings `to_recover` to zero; none while another is outstanding or `to_recover` is
    /// zero, and none that Stripe could not take.
    #[must_use]
    pub fn next_instruction(&self, now: Timestamp) -> Option<TransferInstruction> {
        let (state, chosen) = (&self.state, self.terms.chosen.amount());
        let next =
            state.transfers.next_instruction(state.to_recover(), state.original_transfer(), chosen, now)?;
        self.with_sent_amount(next)
    }

    /// Adds to facts what we decide in the same write: share adjustments, and the next transfer instruction.
    /// Two instructions are left to reconciliation: one after a refusal, unless the amount to recover or the account has
    /// changed, and a retransfer after a reversal that we did not make, because the refund that belongs to it may still
    /// arrive.
    #[must_use]
    pub fn with_decisions(&self, mut facts: Vec<Fact>, now: Timestamp) -> Vec<Fact> {
        let mut after = self.clone();
        after.state = after.state.join_all(&facts);
        let adjustments = after.share_adjustments();
        after.state = after.state.join_all(&adjustments);
        facts.extend(adjustments);
        let redirected = after.state.transfers.redirect() != self.state.transfers.redirect();
        let refused = after.state.transfers.is_refused()
            && after.state.to_recover() == self.state.to_recover()
            && !redirected;
        let ours = redirected
            || self.state.transfers.outstanding().is_some()
            || after.state.creator_deductions() < self.state.creator_deductions();
        let decided_now = |next: &TransferInstruction| !refused && (ours || !next.is_retransfer());
        let instruction = after.next_instruction(now).filter(decided_now);
        facts.extend(instruction.map(TransferFact::Instruction).map(Fact::Transfer));
        facts
    }
}

impl Transfers {
    /// The instruction that brings `to_recover` nearer to zero; none while one is outstanding, or while no transfer is
    /// known that can be reversed.
    pub(crate) fn next_instruction(
        &self,
        to_recover: i64,
        original: Option<&TransferId>,
        chosen: i64,
        now: Timestamp,
    ) -> Option<TransferInstruction> {
        if self.outstanding().is_some() {
            return None;
        }
        let (kind, amount) = match to_recover.cmp(&0) {
            Ordering::Equal => return None,
            Ordering::Greater => {
                let (transfer, left) = self.reversible(original, chosen)?;
                (InstructionKind::Reversal(transfer), to_recover.min(left))
            }
            Ordering::Less => (InstructionKind::Transfer, -to_recover),
        };
        let destination = match kind {
            InstructionKind::Transfer => self.redirect().cloned(),
            InstructionKind::Reversal(_) => None,
        };
        let number = self.last_instruction.as_ref().map_or(0, |last| last.number).saturating_add(1);
        let refused_since = self.last_refused().map(|last| last.refused_since.unwrap_or(last.decided_at));
        Some(TransferInstruction {
            number,
            kind,
            amount,
            sent: None,
            decided_at: now,
            outcome: InstructionOutcome::Pending,
            destination,
            covered: false,
            refused_since,
        })
    }

    /// The transfer to reverse and what is left of it: the original while something is left, then the retransfers. A
    /// reversal takes from the account that its transfer went to, so those to the creator's account of today come first.
    fn reversible(&self, original: Option<&TransferId>, chosen: i64) -> Option<(TransferId, i64)> {
        let original = original.into_iter().map(|id| (id, chosen));
        let retransfers = self.retransfers.iter().map(|(id, retransfer)| (id, retransfer.amount));
        let left = |(id, amount): (&TransferId, i64)| (id.clone(), amount - self.reversed_of(id));
        let reversible = original.chain(retransfers).map(left).filter(|(_, left)| *left > 0);
        reversible.min_by_key(|(id, _)| {
            let destination = self.retransfers.get(id).and_then(|retransfer| retransfer.destination.as_ref());
            destination != self.redirect()
        })
    }
}
