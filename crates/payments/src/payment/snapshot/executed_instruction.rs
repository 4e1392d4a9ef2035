//! Which object executes a transfer instruction.

use crate::payment::{Fact, InstructionKind, InstructionOutcome, Payment, TransferFact, TransferInstruction};

/// The fact that an instruction is executed, if it is the payment's last one. The amount is the object's own.
pub(super) fn executed(payment: &Payment, number: u32, kind: &InstructionKind, amount: i64) -> Option<Fact> {
    let last = payment.state.transfers.last_instruction.as_ref()?;
    let (sent, _) = last.sent_amount(payment.terms.chosen.currency());
    let is_last = last.number == number && last.kind == *kind && sent == amount;
    let outcome = InstructionOutcome::Executed;
    is_last
        .then(|| Fact::Transfer(TransferFact::Instruction(TransferInstruction { outcome, ..last.clone() })))
}
