//! When a transfer counts as one of our retransfers.

use crate::payment::{
    InstructionKind, Mismatch, Payment, TransferFact, TransferInstruction, TransferSnapshot,
};
use std::fmt;

impl TransferSnapshot {
    /// A retransfer is counted if we decided it: without an instruction nobody here asked for it.
    pub(super) fn retransfer(&self, number: u32, payment: &Payment) -> Result<Vec<TransferFact>, Mismatch> {
        let last = payment.state.transfers.last_instruction.as_ref();
        let decided = last.map_or(0, |last| last.number);
        let is_decided = (1..=decided).contains(&number);
        Mismatch::unless(is_decided, "instruction", &format_args!("1 to {decided}"), &number)?;
        let chosen = payment.terms.chosen.amount();
        let is_part = (1..=chosen).contains(&self.amount);
        Mismatch::unless(is_part, "transfer amount", &format_args!("1 to {chosen}"), &self.amount)?;
        if let Some(last) = last.filter(|last| last.number == number) {
            let is_it = last.kind == InstructionKind::Transfer && last.amount == self.amount;
            Mismatch::unless(is_it, "instruction", &Decided(last), &self.amount)?;
        }
        let elsewhere = self.destination.iter().filter(|to| **to != payment.terms.parameters.destination);
        let redirected = elsewhere.map(|to| TransferFact::RedirectedTo(self.id.clone(), to.clone()));
        let retransfer = TransferFact::Retransfer(self.id.clone(), self.amount);
        Ok(std::iter::once(retransfer).chain(redirected).collect())
    }
}

/// An instruction beside the object that claims to execute it.
struct Decided<'a>(&'a TransferInstruction);

impl fmt::Display for Decided<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(TransferInstruction { number, kind, amount, .. }) = self;
        match kind {
            InstructionKind::Transfer => write!(f, "{number}, a transfer of {amount}"),
            InstructionKind::Reversal(transfer) => {
                write!(f, "{number}, a reversal of {amount} of {transfer}")
            }
        }
    }
}
