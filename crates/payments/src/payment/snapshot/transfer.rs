//! A transfer to the creator's account, with its reversals.
//!
//! A transfer names its payment only by metadata or group, which anybody with access to the Stripe account can write. One
//! that cannot be the payment's is a conflict, and counts for nothing.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::{
    Fact, InstructionKind, InstructionOutcome, Payment, Retransfer, TransferFact, TransferInstruction,
    TransferReversal,
    snapshot::mismatch::{Mismatch, Shown, ensure_currency},
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
    /// As sent by Stripe, in lower case.
    pub currency: String,
    /// The number of the instruction that it executes (metadata `move`); none for a reversal that we did not make.
    pub number: Option<u32>,
}

/// The charges whose transfers are kept: a payment has one paid charge, and anybody can make transfers that name others.
const CHARGES_MAX: usize = 8;

impl TransferSnapshot {
    /// The facts that the transfer implies about `payment`.
    #[must_use]
    pub fn facts(&self, payment: &Payment) -> Vec<Fact> {
        let mut payment = payment.clone();
        let mut facts = self.own_facts(&payment).unwrap_or_else(|mismatch| vec![mismatch.conflict(&self.id)]);
        payment.state = payment.state.join_all(&facts);
        if payment.state.transfers.amount_of(&self.id, payment.terms.parameters.transfer_amount).is_none() {
            return facts;
        }
        for reversal in &self.reversals {
            let of_this = reversal.facts(&self.id, &payment);
            payment.state = payment.state.join_all(&of_this);
            facts.extend(of_this);
        }
        facts
    }

    /// Without the reversals.
    fn own_facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let terms = &payment.terms.parameters;
        let known = &payment.state.transfers;
        ensure_currency(&self.currency, payment)?;
        let destination = self.destination.as_ref();
        let expected = self.expected_destination(payment);
        Mismatch::unless(destination == Some(expected), "destination", expected, &Shown(destination))?;
        let known_amount = known.amount_of(&self.id, terms.transfer_amount);
        if let Some(amount) = known_amount {
            Mismatch::unless(self.amount == amount, "transfer amount", &amount, &self.amount)?;
        }
        let fact = match (self.number, &self.charge) {
            (Some(number), _) if known_amount.is_none() => self.retransfer(number, payment)?,
            (None, Some(charge)) => {
                let share = terms.transfer_amount;
                Mismatch::unless(self.amount == share, "transfer amount", &share, &self.amount)?;
                ensure_original(charge, &self.id, payment)?;
                let has_place = known.originals.contains_key(charge) || known.originals.len() < CHARGES_MAX;
                Mismatch::unless(has_place, "charge", &format_args!("one of {CHARGES_MAX}"), charge)?;
                TransferFact::Original(charge.clone(), self.id.clone())
            }
            // Its metadata was edited: it is known by its id.
            (Some(_) | None, _) if known_amount.is_some() => return Ok(self.executed(payment)),
            (Some(_) | None, _) => {
                let original = payment.state.original_transfer();
                return Mismatch::unless(false, "transfer", &Shown(original), &self.id).map(|()| Vec::new());
            }
        };
        Ok(std::iter::once(Fact::Transfer(fact)).chain(self.executed(payment)).collect())
    }

    /// The account that a known retransfer went to, or that its instruction names; otherwise the payment's.
    fn expected_destination<'a>(&self, payment: &'a Payment) -> &'a AccountId {
        let transfers = &payment.state.transfers;
        let decided = || self.number.and_then(|number| transfers.decided_retransfers.get(&number));
        let retransfer = transfers.retransfers.get(&self.id).or_else(decided);
        let destination = retransfer.and_then(|retransfer| retransfer.destination.as_ref());
        destination.unwrap_or(&payment.terms.parameters.destination)
    }

    /// A retransfer is counted if we decided it: without an instruction nobody here asked for it, and an instruction is
    /// executed by one transfer.
    fn retransfer(&self, number: u32, payment: &Payment) -> Result<TransferFact, Mismatch> {
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

    fn executed(&self, payment: &Payment) -> Vec<Fact> {
        let number = self.number;
        let fact =
            number.and_then(|number| executed(payment, number, &InstructionKind::Transfer, self.amount));
        fact.into_iter().collect()
    }
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

/// A charge has one transfer, and a transfer one charge.
pub(super) fn ensure_original(
    charge: &ChargeId,
    transfer: &TransferId,
    payment: &Payment,
) -> Result<(), Mismatch> {
    let known = &payment.state.transfers;
    let of_charge = known.originals.get(charge);
    Mismatch::unless(of_charge.is_none_or(|of| of == transfer), "transfer", &Shown(of_charge), transfer)?;
    let by_other = known.originals.iter().find(|(other, of)| *other != charge && *of == transfer);
    let other = by_other.map(|(other, _)| other);
    Mismatch::unless(other.is_none(), "charge", &Shown(other), charge)?;
    let is_retransfer = known.retransfers.contains_key(transfer);
    Mismatch::unless(!is_retransfer, "transfer", &"a retransfer", transfer)
}

/// The fact that an instruction is executed, if it is the payment's last one.
fn executed(payment: &Payment, number: u32, kind: &InstructionKind, amount: i64) -> Option<Fact> {
    let last = payment.state.transfers.last_instruction.as_ref()?;
    let is_last = last.number == number && last.kind == *kind && last.amount == amount;
    let outcome = InstructionOutcome::Executed;
    is_last
        .then(|| Fact::Transfer(TransferFact::Instruction(TransferInstruction { outcome, ..last.clone() })))
}
