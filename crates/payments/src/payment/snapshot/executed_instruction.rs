//! Which object executes a transfer instruction.

use crate::payment::{Fact, InstructionKind, InstructionOutcome, Payment, TransferFact, TransferInstruction};

/// The fact that an instruction is executed, if it is the payment's last one.
pub(super) fn executed(payment: &Payment, number: u32, kind: &InstructionKind, amount: i64) -> Option<Fact> {
    let last = payment.state.transfers.last_instruction.as_ref()?;
    let is_last = last.number == number && last.kind == *kind && last.amount == amount;
    let outcome = InstructionOutcome::Executed;
    is_last
        .then(|| Fact::Transfer(TransferFact::Instruction(TransferInstruction { outcome, ..last.clone() })))
}
