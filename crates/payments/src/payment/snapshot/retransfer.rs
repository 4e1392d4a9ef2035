//! When a transfer counts as one of our retransfers.

use crate::payment::snapshot::mismatch::Shown;
use crate::payment::{Mismatch, Payment, Retransfer, TransferFact, TransferSnapshot};

impl TransferSnapshot {
    /// A retransfer is counted if we decided it: without an instruction nobody here asked for it, and an instruction is
    /// executed by one transfer.
    pub(super) fn retransfer(&self, number: u32, payment: &Payment) -> Result<TransferFact, Mismatch> {
        let transfers = &payment.state.transfers;
        let decided = transfers.decided_retransfers.get(&number);
        let amount = decided.map(|decided| decided.amount);
        Mismatch::unless(amount == Some(self.amount), "retransfer", &Shown(amount.as_ref()), &self.amount)?;
        let executed = transfers.retransfers.iter().find(|(_, other)| other.instruction == number);
        let by = executed.map(|(id, _)| id);
        Mismatch::unless(by.is_none(), "instruction", &Shown(by), &self.id)?;
        let destination = decided.and_then(|decided| decided.destination.clone());
        let retransfer = Retransfer { instruction: number, amount: self.amount, destination };
        Ok(TransferFact::Retransfer(self.id.clone(), retransfer))
    }
}
