//! The amount that a transfer instruction sends: the owed amount, or its worth in the currency that the transfer has.
//!
//! A retransfer in a currency in which the platform has no balance is refused, so it is sent in the currency in which the
//! charge settled, at the charge's rate. A reversal has the currency of its transfer. Both amounts are frozen in the
//! instruction.

use crate::ids::TransferId;
use crate::money::{Currency, Money};
use crate::payment::{InstructionKind, Payment, Retransfer, TransferInstruction, Transfers};

impl TransferInstruction {
    /// The amount and the currency of the request to Stripe; `own` is the payment's currency.
    #[must_use]
    pub fn sent_amount(&self, own: Currency) -> (i64, Currency) {
        amount_at_stripe(self.amount, self.sent, own)
    }
}

impl Retransfer {
    /// The amount and the currency of the transfer at Stripe; `own` is the payment's currency.
    pub(crate) fn sent_amount(&self, own: Currency) -> (i64, Currency) {
        amount_at_stripe(self.amount, self.sent, own)
    }
}

fn amount_at_stripe(amount: i64, sent: Option<Money>, own: Currency) -> (i64, Currency) {
    sent.map_or((amount, own), |sent| (sent.amount(), sent.currency()))
}

impl Payment {
    /// The instruction with the amount that it sends. `None` if Stripe takes no such amount: none in a currency that has
    /// ended, and no fraction of the smallest unit.
    pub(crate) fn with_sent_amount(&self, instruction: TransferInstruction) -> Option<TransferInstruction> {
        let own = self.terms.chosen.currency();
        let sent = match &instruction.kind {
            InstructionKind::Transfer => {
                self.charge_conversion().map(|charge| (charge.convert(instruction.amount), charge.currency))
            }
            InstructionKind::Reversal(transfer) => {
                let of = self
                    .state
                    .transfers
                    .retransfers
                    .get(transfer)
                    .and_then(|it| it.sent.map(|sent| (it, sent)));
                of.map(|(it, sent)| {
                    let rest = self.state.transfers.sent_of_rest(transfer, it, instruction.amount);
                    (rest, sent.currency())
                })
            }
        };
        match sent {
            None => own.is_chargeable().then_some(instruction),
            Some((amount, currency)) => {
                let amount = amount? / currency.step() * currency.step();
                let sent = Some(Money::new(amount, currency).ok()?);
                Some(TransferInstruction { sent, ..instruction })
            }
        }
    }
}

impl Transfers {
    /// What a reversal of `amount` takes of a retransfer in another currency: all that is left of it with the last
    /// reversal, else its part.
    fn sent_of_rest(&self, id: &TransferId, retransfer: &Retransfer, amount: i64) -> Option<i64> {
        let (sent, reversed) = (retransfer.sent?.amount(), self.sent_reversed_of(id));
        let is_rest = amount == retransfer.amount - self.reversed_of(id);
        let part = i128::from(sent) * i128::from(amount) / i128::from(retransfer.amount);
        if is_rest { Some(sent - reversed) } else { i64::try_from(part).ok() }
    }

    /// The owed amount that a reversal of `sent` of a retransfer in another currency returns: the counterpart of
    /// [`Transfers::sent_of_rest`], for reversals that we did not decide.
    pub(crate) fn owed_of_sent(&self, id: &TransferId, retransfer: &Retransfer, sent: i64) -> Option<i64> {
        let (whole, reversed) = (retransfer.sent?.amount(), self.sent_reversed_of(id));
        if sent == whole - reversed {
            return Some(retransfer.amount - self.reversed_of(id));
        }
        i64::try_from(i128::from(retransfer.amount) * i128::from(sent) / i128::from(whole)).ok()
    }

    /// What is reversed of a retransfer in another currency, in that currency.
    fn sent_reversed_of(&self, id: &TransferId) -> i64 {
        let of_this = self.reversals.values().filter(|reversal| reversal.transfer == *id);
        of_this.filter_map(|reversal| reversal.sent).sum()
    }
}
