//! When another transfer instruction follows one that Stripe refused.

use crate::payment::{InstructionOutcome, OpenItem, TransferInstruction, Transfers};
use crate::timestamp::Timestamp;

impl Transfers {
    /// Whether an instruction may be decided after a refusal: the pause has ended, or Stripe refused the other direction.
    /// Pauses grow with the time since the first refusal of the series.
    pub(crate) fn may_follow_refusal(&self, next: &TransferInstruction, now: Timestamp) -> bool {
        let same_direction = |last: &&TransferInstruction| last.is_retransfer() == next.is_retransfer();
        self.last_refused().filter(same_direction).is_none_or(|last| {
            let since = last.refused_since.unwrap_or(last.decided_at);
            let refused_for_s = last.decided_at.seconds() - since.seconds();
            now >= last.decided_at.plus_seconds(OpenItem::UnbalancedShare.pause_s(refused_for_s))
        })
    }

    /// Whether Stripe refused the last instruction.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let outcome = self.last_instruction.as_ref().map(|last| &last.outcome);
        matches!(outcome, Some(InstructionOutcome::Refused(_)))
    }

    /// The last instruction, if Stripe refused it.
    pub(crate) fn last_refused(&self) -> Option<&TransferInstruction> {
        self.last_instruction.as_ref().filter(|_| self.is_refused())
    }
}
