//! A transfer to the creator's account, with its reversals.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::{
    Fact, InstructionKind, InstructionOutcome, Payment, TransferFact, TransferInstruction, TransferReversal,
    snapshot::mismatch::{Mismatch, Shown, ensure_currency, ensure_plausible},
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
        let known = &payment.state.transfers;
        ensure_currency(&self.currency, payment)?;
        let destination = self.destination.as_ref();
        let is_ours = destination == Some(&terms.destination);
        Mismatch::unless(is_ours, "destination", &terms.destination, &Shown(destination))?;
        let mut facts = Vec::new();
        Mismatch::unless(self.amount > 0, "transfer amount", &"more than 0", &self.amount)?;
        ensure_plausible("transfer amount", self.amount)?;
        if let Some(number) = self.number {
            let is_other = known.original.as_ref() != Some(&self.id);
            Mismatch::unless(is_other, "transfer", &"another than the charge's own", &self.id)?;
            facts.push(TransferFact::Retransfer(self.id.clone(), self.amount));
            facts.extend(executed(payment, number, |kind| *kind == InstructionKind::Transfer));
        } else {
            let original = known.original.as_ref();
            let is_ours = self.charge.is_some() && original.is_none_or(|original| *original == self.id);
            Mismatch::unless(is_ours, "transfer", &Shown(original), &self.id)?;
            let ours = terms.transfer_amount;
            Mismatch::unless(self.amount == ours, "transfer amount", &ours, &self.amount)?;
            facts.push(TransferFact::Original(self.id.clone()));
        }
        for reversal in &self.reversals {
            let is_part = (1..=self.amount).contains(&reversal.amount);
            let ours = format_args!("1 to {}", self.amount);
            Mismatch::unless(is_part, "reversal amount", &ours, &reversal.amount)?;
            let taken = TransferReversal { transfer: self.id.clone(), amount: reversal.amount };
            facts.push(TransferFact::Reversal(reversal.id.clone(), taken));
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
