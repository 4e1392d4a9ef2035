//! A transfer to the creator's account, with its reversals.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::{
    Payment,
    fact::Fact,
    snapshot::{
        check::{ensure, ensure_currency, ensure_plausible},
        intent::Mismatch,
    },
    transfer::{InstructionKind, InstructionOutcome, TransferFact, TransferInstruction, TransferReversal},
};

/// What a transfer says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferSnapshot {
    pub id: TransferId,
    /// In minor units.
    pub amount: i64,
    /// As sent by Stripe, in lower case.
    pub currency: String,
    pub destination: Option<AccountId>,
    /// The charge that it belongs to; none for a retransfer.
    pub charge: Option<ChargeId>,
    /// The number of the instruction that it executes (metadata `move`).
    pub number: Option<u32>,
    pub reversals: Vec<ReversalSnapshot>,
}

/// One reversal of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalSnapshot {
    pub id: ReversalId,
    /// In minor units.
    pub amount: i64,
    /// The number of the instruction that it executes (metadata `move`); none for a reversal that we did not make.
    pub number: Option<u32>,
}

impl TransferSnapshot {
    /// The facts that the transfer implies about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the transfer does not belong to this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let terms = &payment.terms.parameters;
        let original = payment.state.transfers.original.as_ref();
        ensure_currency(&self.currency, payment)?;
        ensure("destination", self.destination.as_ref() == Some(&terms.destination))?;
        let mut facts = Vec::new();
        ensure("transfer amount", self.amount > 0)?;
        ensure_plausible("transfer amount", self.amount)?;
        if let Some(number) = self.number {
            ensure("transfer", original != Some(&self.id))?;
            facts.push(TransferFact::Retransfer(self.id.clone(), self.amount));
            facts.extend(executed(payment, number, |kind| *kind == InstructionKind::Transfer));
        } else {
            ensure(
                "transfer",
                self.charge.is_some() && original.is_none_or(|original| *original == self.id),
            )?;
            ensure("transfer amount", self.amount == terms.transfer_amount)?;
            facts.push(TransferFact::Original(self.id.clone()));
        }
        for reversal in &self.reversals {
            ensure("reversal amount", (1..=self.amount).contains(&reversal.amount))?;
            let amount = reversal.amount;
            let of_transfer = TransferReversal { transfer: self.id.clone(), amount };
            facts.push(TransferFact::Reversal(reversal.id.clone(), of_transfer));
            let of_this = |kind: &InstructionKind| *kind == InstructionKind::Reversal(self.id.clone());
            facts.extend(reversal.number.and_then(|number| executed(payment, number, of_this)));
        }
        Ok(facts.into_iter().map(Fact::Transfer).collect())
    }
}

/// The fact that an instruction is executed, if it is the payment's last one.
fn executed(
    payment: &Payment,
    number: u32,
    is_kind: impl Fn(&InstructionKind) -> bool,
) -> Option<TransferFact> {
    let last = payment.state.transfers.last_instruction.as_ref()?;
    let is_last = last.number == number && is_kind(&last.kind);
    is_last.then(|| {
        TransferFact::Instruction(TransferInstruction {
            outcome: InstructionOutcome::Executed,
            ..last.clone()
        })
    })
}
