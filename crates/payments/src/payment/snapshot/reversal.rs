//! A reversal of a transfer.

use crate::ids::{ReversalId, TransferId};
use crate::payment::snapshot::executed_instruction::executed;
use crate::payment::snapshot::object_check::ensure_currency;
use crate::payment::{Fact, InstructionKind, Mismatch, Payment, TransferFact, TransferReversal};

/// One reversal of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalSnapshot {
    pub id: ReversalId,
    /// In minor units.
    pub amount: i64,
    /// As sent by Stripe, in lower case.
    pub currency: String,
    /// The number of the instruction that it executes (metadata `move`); none for a reversal that we did not make.
    pub number: Option<u32>,
}

impl ReversalSnapshot {
    /// The facts that a reversal of the transfer `of` implies about `payment`. Its amount stays within what is left of the
    /// transfer, as Stripe's does.
    #[must_use]
    pub fn facts(&self, of: &TransferId, payment: &Payment) -> Vec<Fact> {
        let kind = InstructionKind::Reversal(of.clone());
        let taken = TransferReversal { transfer: of.clone(), amount: self.amount };
        match self.check(&taken, payment) {
            Ok(()) => {
                let executed = self.number.and_then(|number| executed(payment, number, &kind, self.amount));
                let fact = Fact::Transfer(TransferFact::Reversal(self.id.clone(), taken));
                std::iter::once(fact).chain(executed).collect()
            }
            Err(mismatch) => vec![mismatch.conflict(&self.id)],
        }
    }

    fn check(&self, taken: &TransferReversal, payment: &Payment) -> Result<(), Mismatch> {
        ensure_currency(&self.currency, payment)?;
        let transfers = &payment.state.transfers;
        if let Some(known) = transfers.reversals.get(&self.id) {
            Mismatch::unless(known.transfer == taken.transfer, "transfer", &known.transfer, &taken.transfer)?;
            return Mismatch::unless(known == taken, "reversal amount", &known.amount, &self.amount);
        }
        let share = payment.terms.parameters.transfer_amount;
        let left =
            transfers.amount_of(&taken.transfer, share).unwrap_or(0) - transfers.reversed_of(&taken.transfer);
        let is_part = (1..=left).contains(&self.amount);
        Mismatch::unless(is_part, "reversal amount", &format_args!("1 to {left}"), &self.amount)
    }
}
