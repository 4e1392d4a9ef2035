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
                let reinstated = self.in_charged_currency(transaction, withdrawn, payment)?;
                let still_withdrawn = (withdrawn - reinstated).max(0);
                let new_part = creator_share(payment, still_withdrawn).min(creator_part);
                (-reinstated, new_part - creator_part)
            }
            -1 => {
                let charged = self.in_charged_currency(transaction, self.amount, payment)?;
                (charged, creator_share(payment, charged).min(payment.refundable()))
            }
            _ => (0, 0),
        };
        let (fee, fee_currency) = (transaction.fee, transaction.currency);
        let is_converted = fee_currency != payment.terms.chosen.currency();
        let raw_amount = is_converted.then_some(transaction.amount);
        Ok(DisputeFunds { dispute: self.id.clone(), charged, creator, fee, fee_currency, raw_amount })
    }

    /// A balance transaction's amount in the charge's currency. When the balance has another currency, the only
    /// transaction in its direction is worth the `whole`; amounts of several transactions cannot be converted.
    fn in_charged_currency(
        &self,
        transaction: &DisputeTransaction,
        whole: i64,
        payment: &Payment,
    ) -> Result<i64, Mismatch> {
        let same_direction =
            |other: &&DisputeTransaction| other.amount.signum() == transaction.amount.signum();
        let charged = payment.terms.chosen.currency();
        if transaction.currency == charged {
            Ok(transaction.amount.abs())
        } else if self.transactions.iter().filter(same_direction).count() == 1 {
            Ok(whole)
        } else {
            let (ours, theirs) = (charged.to_string(), transaction.currency.to_string());
            Err(Mismatch { field: "dispute currency", ours, theirs })
        }
    }
}
