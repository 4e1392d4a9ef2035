//! A reversal of a transfer.

use crate::ids::{ReversalId, TransferId};
use crate::money::Money;
use crate::payment::snapshot::executed_instruction::executed;
use crate::payment::snapshot::object_check::ensure_currency_is;
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
        if let Err(mismatch) = self.check(of, payment) {
            return vec![mismatch.conflict(&self.id)];
        }
        let kind = InstructionKind::Reversal(of.clone());
        let taken = self.taken(of, &kind, payment);
        let executed = self.number.and_then(|number| executed(payment, number, &kind, self.amount));
        let fact = Fact::Transfer(TransferFact::Reversal(self.id.clone(), taken));
        std::iter::once(fact).chain(executed).collect()
    }

    /// The reversal with its amount in the payment's currency: where the transfer has another one, the amount that our
    /// instruction names, or else the reversed part of the retransfer.
    fn taken(&self, of: &TransferId, kind: &InstructionKind, payment: &Payment) -> TransferReversal {
        let transfers = &payment.state.transfers;
        if let Some(known) = transfers.reversals.get(&self.id) {
            return known.clone();
        }
        let whole = |amount| TransferReversal { transfer: of.clone(), amount, sent: None };
        let Some(retransfer) = transfers.retransfers.get(of).filter(|it| it.sent.is_some()) else {
            return whole(self.amount);
        };
        let asked = transfers.last_instruction.as_ref().filter(|last| {
            let sent = last.sent.map(Money::amount);
            Some(last.number) == self.number && last.kind == *kind && sent == Some(self.amount)
        });
        let step = payment.terms.chosen.currency().step();
        let amount = match asked {
            Some(asked) => Some(asked.amount.min(retransfer.amount - transfers.reversed_of(of))),
            None => transfers.owed_of_sent(of, retransfer, self.amount, step),
        };
        TransferReversal { sent: Some(self.amount), ..whole(amount.unwrap_or(self.amount)) }
    }

    /// In the transfer's own currency, whose numbers can be greater or smaller than the payment's.
    fn check(&self, of: &TransferId, payment: &Payment) -> Result<(), Mismatch> {
        let transfers = &payment.state.transfers;
        let own = payment.terms.chosen.currency();
        let retransfer = transfers.retransfers.get(of);
        let currency = retransfer.map_or(own, |retransfer| retransfer.sent_amount(own).1);
        ensure_currency_is(currency, &self.currency)?;
        if let Some(known) = transfers.reversals.get(&self.id) {
            Mismatch::unless(known.transfer == *of, "transfer", &known.transfer, of)?;
            let amount = known.sent.unwrap_or(known.amount);
            return Mismatch::unless(amount == self.amount, "reversal amount", &amount, &self.amount);
        }
        let left = transfers.left_at_stripe(of, payment.terms.parameters.transfer_amount);
        let is_part = (1..=left).contains(&self.amount);
        Mismatch::unless(is_part, "reversal amount", &format_args!("1 to {left}"), &self.amount)
    }
}
