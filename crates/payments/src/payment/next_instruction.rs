//! Decides the next transfer instruction, and when it is left to reconciliation.

use crate::payment::{Fact, InstructionKind, Payment, TransferFact, TransferInstruction};
use crate::timestamp::Timestamp;

impl Payment {
    /// The transfer instruction that brings `to_recover` to zero; none while another is outstanding or `to_recover` is
    /// zero, and none in a currency that has ended, in which Stripe refuses transfers and reversals.
    #[must_use]
    pub fn next_instruction(&self, now: Timestamp) -> Option<TransferInstruction> {
        if !self.terms.chosen.currency().is_chargeable() {
            return None;
        }
        let (state, chosen) = (&self.state, self.terms.chosen.amount());
        state.transfers.next_instruction(state.to_recover(), state.original_transfer(), chosen, now)
    }

    /// The next instruction, unless the pause after a refusal of its direction has not ended.
    #[must_use]
    pub fn due_instruction(&self, now: Timestamp) -> Option<TransferInstruction> {
        self.next_instruction(now).filter(|next| self.state.transfers.may_follow_refusal(next, now))
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
        let decided_now =
            |next: &TransferInstruction| !refused && (ours || next.kind != InstructionKind::Transfer);
        let instruction = after.next_instruction(now).filter(decided_now);
        facts.extend(instruction.map(TransferFact::Instruction).map(Fact::Transfer));
        facts
    }
}
