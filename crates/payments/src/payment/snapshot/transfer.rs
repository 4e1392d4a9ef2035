//! A transfer to the creator's account, with its reversals.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::{
    Payment,
    fact::Fact,
    snapshot::{
        check::{plausible, same_currency},
        intent::{Mismatch, Shown},
    },
    transfer::{InstructionKind, InstructionOutcome, TransferFact, TransferInstruction, TransferReversal},
};

/// A transfer as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferSnapshot {
    /// `tr_…`.
    pub id: TransferId,
    /// How much was transferred, in minor units.
    pub amount: i64,
    /// Stripe's lower-case code, as sent.
    pub currency: String,
    /// Whose account it went to.
    pub destination: Option<AccountId>,
    /// The charge that it is a part of; none for one made again.
    pub charge: Option<ChargeId>,
    /// The number of our movement that it is (metadata `move`).
    pub number: Option<u32>,
    /// What was taken back of it.
    pub reversals: Vec<ReversalSnapshot>,
}

/// A reversal as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalSnapshot {
    /// `trr_…`.
    pub id: ReversalId,
    /// How much was taken back, in minor units.
    pub amount: i64,
    /// The number of our movement that it is (metadata `move`); none when it was not made by us.
    pub number: Option<u32>,
}

impl TransferSnapshot {
    /// The facts that this sight of the transfer tells about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the transfer is not of this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let terms = &payment.terms.parameters;
        let known = &payment.state.transfers;
        same_currency(&self.currency, payment)?;
        let destination = self.destination.as_ref();
        let is_ours = destination == Some(&terms.destination);
        Mismatch::unless(is_ours, "destination", &terms.destination, &Shown(destination))?;
        let mut facts = Vec::new();
        Mismatch::unless(self.amount > 0, "transfer amount", &"more than 0", &self.amount)?;
        plausible("transfer amount", self.amount)?;
        if let Some(number) = self.number {
            let is_other = known.own.as_ref() != Some(&self.id);
            Mismatch::unless(is_other, "transfer", &"another than the charge's own", &self.id)?;
            facts.push(TransferFact::Retransfer(self.id.clone(), self.amount));
            facts.extend(made(payment, number, |kind| *kind == InstructionKind::Transfer));
        } else {
            let own = known.own.as_ref();
            let is_ours = self.charge.is_some() && own.is_none_or(|own| *own == self.id);
            Mismatch::unless(is_ours, "transfer", &Shown(own), &self.id)?;
            let ours = terms.transfer_amount;
            Mismatch::unless(self.amount == ours, "transfer amount", &ours, &self.amount)?;
            facts.push(TransferFact::Own(self.id.clone()));
        }
        for reversal in &self.reversals {
            let is_part = (1..=self.amount).contains(&reversal.amount);
            let ours = format_args!("1 to {}", self.amount);
            Mismatch::unless(is_part, "reversal amount", &ours, &reversal.amount)?;
            let taken = TransferReversal { transfer: self.id.clone(), amount: reversal.amount };
            facts.push(TransferFact::Reversal(reversal.id.clone(), taken));
            let of_this = |kind: &InstructionKind| *kind == InstructionKind::Reversal(self.id.clone());
            facts.extend(reversal.number.and_then(|number| made(payment, number, of_this)));
        }
        Ok(facts.into_iter().map(Fact::Transfer).collect())
    }
}

/// That our movement of this number is made, if it is the one that we wait for.
fn made(payment: &Payment, number: u32, is_kind: impl Fn(&InstructionKind) -> bool) -> Option<TransferFact> {
    let decided = payment.state.transfers.last_instruction.as_ref()?;
    let is_it = decided.number == number && is_kind(&decided.kind);
    is_it.then(|| {
        TransferFact::Instruction(TransferInstruction {
            outcome: InstructionOutcome::Executed,
            ..decided.clone()
        })
    })
}
