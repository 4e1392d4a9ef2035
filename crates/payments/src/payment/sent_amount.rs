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
    /// What is left of a known transfer at Stripe, in its own currency; `chosen` is the amount of an original.
    pub(crate) fn left_at_stripe(&self, id: &TransferId, chosen: i64) -> i64 {
        let sent = self.retransfers.get(id).and_then(|retransfer| retransfer.sent);
        let whole = sent.map(Money::amount).or_else(|| self.amount_of(id, chosen)).unwrap_or(0);
        whole - self.reversed_at_stripe(id)
    }

    /// What a reversal of `amount` takes of a retransfer in another currency, so that all reversals together take their part
    /// of it, rounded down: with the last one, all.
    fn sent_of_rest(&self, id: &TransferId, retransfer: &Retransfer, amount: i64) -> Option<i64> {
        let reversed = self.reversed_of(id).checked_add(amount)?;
        let sent = part(retransfer.sent?.amount(), reversed, retransfer.amount)?;
        Some(sent - self.reversed_at_stripe(id))
    }

    /// The owed amount, a multiple of `step`, that a reversal of `sent` of a retransfer in another currency returns: the
    /// counterpart of [`Transfers::sent_of_rest`], for reversals that we did not decide.
    pub(crate) fn owed_of_sent(
        &self,
        id: &TransferId,
        retransfer: &Retransfer,
        sent: i64,
        step: i64,
    ) -> Option<i64> {
        let (whole, reversed) = (retransfer.sent?.amount(), self.reversed_at_stripe(id).checked_add(sent)?);
        let owed = part(retransfer.amount, reversed, whole)?;
        let owed = if reversed < whole { owed - owed % step } else { owed };
        Some((owed - self.reversed_of(id)).max(0))
    }

    /// What is reversed of a transfer at Stripe, in its own currency.
    fn reversed_at_stripe(&self, id: &TransferId) -> i64 {
        let of_this = self.reversals.values().filter(|reversal| reversal.transfer == *id);
        of_this.map(|reversal| reversal.sent.unwrap_or(reversal.amount)).sum()
    }
}

/// The part of `amount` that `numerator` of `denominator` is, rounded down.
fn part(amount: i64, numerator: i64, denominator: i64) -> Option<i64> {
    let product = i128::from(amount) * i128::from(numerator);
    i64::try_from(product.checked_div(i128::from(denominator))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_returns_whole_steps_of_what_is_owed_and_the_whole_returns_all() {
        let euros = Currency::parse("eur").expect("currency");
        let sent = Money::new(461, euros).ok();
        let retransfer = Retransfer { instruction: 1, amount: 49_950, sent, destination: None };
        let id = TransferId::parse("tr_1").expect("id");
        let owed = |sent| Transfers::default().owed_of_sent(&id, &retransfer, sent, 100);
        assert_eq!((owed(100), owed(461)), (Some(10_800), Some(49_950)), "10,835 and all");
    }
}
