//! A transfer to the creator's account, with its reversals.
//!
//! A transfer names its payment only by metadata or group, which anybody with access to the Stripe account can write. One
//! that cannot be the payment's is a conflict, and counts for nothing.

use crate::ids::{AccountId, ChargeId, TransferId};
use crate::payment::snapshot::executed_instruction::executed;
use crate::payment::snapshot::mismatch::Shown;
use crate::payment::snapshot::object_check::ensure_currency_is;
use crate::payment::snapshot::original_transfer::ensure_original;
use crate::payment::{Fact, InstructionKind, Mismatch, Payment, Retransfer, ReversalSnapshot, TransferFact};

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
        let own = payment.terms.chosen.currency();
        let expected = self.expected_retransfer(payment);
        let currency = expected.map_or(own, |retransfer| retransfer.sent_amount(own).1);
        ensure_currency_is(currency, &self.currency)?;
        let destination = self.destination.as_ref();
        let expected = expected.and_then(|it| it.destination.as_ref()).unwrap_or(&terms.destination);
        Mismatch::unless(destination == Some(expected), "destination", expected, &Shown(destination))?;
        let known_amount = match known.retransfers.get(&self.id) {
            Some(retransfer) => Some(retransfer.sent_amount(own).0),
            None => known.amount_of(&self.id, terms.transfer_amount),
        };
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

    /// The known retransfer, or the one that its instruction asked for.
    fn expected_retransfer<'a>(&self, payment: &'a Payment) -> Option<&'a Retransfer> {
        let transfers = &payment.state.transfers;
        let decided = || self.number.and_then(|number| transfers.decided_retransfers.get(&number));
        transfers.retransfers.get(&self.id).or_else(decided)
    }

    fn executed(&self, payment: &Payment) -> Vec<Fact> {
        let number = self.number;
        let fact =
            number.and_then(|number| executed(payment, number, &InstructionKind::Transfer, self.amount));
        fact.into_iter().collect()
    }
}
