//! Which two amounts a balance transaction of a payment converts.

use crate::ids::TransactionId;
use crate::money::Currency;
use crate::payment::{Conversion, Fact, Payment, is_plausible};
use crate::reconciliation::BalanceTransactionKind;

impl Payment {
    /// The conversion by a booked balance transaction whose change of the balance, before fees, is `converted`. `None` if
    /// it is in the payment's currency, not booked, or implausible: the comparison of amounts then reports it.
    #[must_use]
    pub fn conversion(
        &self,
        id: &TransactionId,
        kind: &BalanceTransactionKind,
        converted: i64,
        currency: Currency,
    ) -> Option<Fact> {
        let is_converted = currency != self.terms.chosen.currency() && self.is_booked(id, kind);
        if !is_converted || !is_plausible(converted) {
            return None;
        }
        let amount = self.booked_amount(id, kind)?;
        Some(Fact::Conversion(id.clone(), Conversion { amount, converted, currency }))
    }

    /// What the ledger books for a transaction in the payment's currency, in minor units, positive for money in.
    fn booked_amount(&self, id: &TransactionId, kind: &BalanceTransactionKind) -> Option<i64> {
        let (state, terms) = (&self.state, &self.terms.parameters);
        let refunded = |id| state.refunds.at_stripe.get(id).map(|it| it.split.creator + it.split.platform);
        match kind {
            BalanceTransactionKind::Charge => Some(terms.total.amount()),
            BalanceTransactionKind::Refund(id) => refunded(id).map(|amount| -amount),
            BalanceTransactionKind::RefundFailure(id) => refunded(id),
            BalanceTransactionKind::Dispute(_) => state.disputes.funds.get(id).map(|funds| -funds.charged),
            BalanceTransactionKind::Transfer(id) => {
                state.transfers.amount_of(id, terms.transfer_amount).map(|amount| -amount)
            }
            BalanceTransactionKind::Reversal(id) => state.transfers.reversals.get(id).map(|it| it.amount),
        }
    }
}
