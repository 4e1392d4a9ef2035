//! How a dispute's withdrawals and reinstatements are divided between the creator and the platform.

use crate::payment::creator_share::creator_share;
use crate::payment::snapshot::plausible_amount::ensure_plausible;
use crate::payment::{DisputeFunds, DisputeSnapshot, DisputeTransaction, Mismatch, Payment};

impl DisputeSnapshot {
    /// Divides a withdrawal in the charge's proportion; the creator's part is limited to what is left. After a
    /// reinstatement, the creator's part is the share of what is still withdrawn, so that the order of snapshots does not
    /// change the sum.
    pub(crate) fn divide(
        &self,
        transaction: &DisputeTransaction,
        payment: &Payment,
    ) -> Result<DisputeFunds, Mismatch> {
        ensure_plausible("dispute transaction", transaction.amount)?;
        ensure_plausible("dispute fee", transaction.fee)?;
        let (withdrawn, creator_part) = payment.state.disputes.net_withdrawn(&self.id);
        let (charged, creator) = match transaction.amount.signum() {
            1 => {
                let reinstated = self.in_charged_currency(transaction, Some(withdrawn), payment)?;
                let still_withdrawn = (withdrawn - reinstated).max(0);
                let new_part = creator_share(payment, still_withdrawn).min(creator_part);
                (-reinstated, new_part - creator_part)
            }
            -1 => {
                let is_charged = self.currency == payment.terms.chosen.currency().code();
                let left = is_charged.then(|| (self.amount - withdrawn).max(0));
                let charged = self.in_charged_currency(transaction, left, payment)?;
                (charged, creator_share(payment, charged).min(payment.refundable()))
            }
            _ => (0, 0),
        };
        let (fee, fee_currency) = (transaction.fee, transaction.currency);
        let is_converted = fee_currency != payment.terms.chosen.currency();
        let raw_amount = is_converted.then_some(transaction.amount);
        Ok(DisputeFunds { dispute: self.id.clone(), charged, creator, fee, fee_currency, raw_amount })
    }

    /// A balance transaction's amount in the charge's currency. When the balance has another currency, the only new
    /// transaction in its direction is worth the `whole`. A dispute in a third currency is worth its part of the converted
    /// charge. Several new transactions cannot be told apart.
    fn in_charged_currency(
        &self,
        transaction: &DisputeTransaction,
        whole: Option<i64>,
        payment: &Payment,
    ) -> Result<i64, Mismatch> {
        let charged = payment.terms.chosen.currency();
        if transaction.currency == charged {
            return Ok(transaction.amount.abs());
        }
        let known = &payment.state.disputes.funds;
        let is_like = |other: &&DisputeTransaction| {
            other.amount.signum() == transaction.amount.signum() && !known.contains_key(&other.id)
        };
        if let Some(whole) = whole
            && self.transactions.iter().filter(is_like).count() == 1
            && self.is_about(transaction.amount, whole, payment)
        {
            return Ok(whole);
        }
        let charge = payment.charge_conversion().filter(|charge| charge.currency == transaction.currency);
        let part = charge.filter(|_| whole.is_none()).and_then(|charge| charge.part(transaction.amount));
        part.ok_or_else(|| Mismatch::of("dispute currency", &charged, &transaction.currency))
    }

    /// Whether a converted amount is about what `whole` of the charge was worth when the dispute was first withdrawn: rates
    /// move by less than a tenth meanwhile. A lesser amount is a part that cannot be attributed.
    fn is_about(&self, converted: i64, whole: i64, payment: &Payment) -> bool {
        let of_dispute = payment.state.disputes.funds.values().filter(|funds| funds.dispute == self.id);
        let withdrawals = of_dispute.filter_map(|funds| Some((funds.charged, funds.raw_amount?)));
        let Some((charged, raw)) = withdrawals.max_by_key(|(charged, _)| *charged) else { return true };
        let expected = i128::from(whole) * i128::from(raw).abs();
        let actual = i128::from(converted).abs() * i128::from(charged);
        10 * (actual - expected).abs() <= expected
    }
}
