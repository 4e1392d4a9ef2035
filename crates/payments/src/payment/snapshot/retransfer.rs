//! When a transfer counts as one of our retransfers.

use crate::payment::snapshot::mismatch::Shown;
use crate::payment::{Mismatch, Payment, TransferFact, TransferSnapshot};

impl TransferSnapshot {
    /// A retransfer is counted if we decided it: without an instruction nobody here asked for it, and an instruction is
    /// executed by one transfer.
    pub(super) fn retransfer(&self, number: u32, payment: &Payment) -> Result<TransferFact, Mismatch> {
        let transfers = &payment.state.transfers;
        let decided = transfers.decided_retransfers.get(&number);
        let sent = decided.map(|decided| decided.sent_amount(payment.terms.chosen.currency()).0);
        let asked = decided.filter(|_| sent == Some(self.amount));
        let Some(asked) = asked else {
            return Err(Mismatch::of("retransfer", &Shown(sent.as_ref()), &self.amount));
        };
        let executed = transfers.retransfers.iter().find(|(_, other)| other.instruction == number);
        let by = executed.map(|(id, _)| id);
        Mismatch::unless(by.is_none(), "instruction", &Shown(by), &self.id)?;
        Ok(TransferFact::Retransfer(self.id.clone(), asked.clone()))
    }
}
