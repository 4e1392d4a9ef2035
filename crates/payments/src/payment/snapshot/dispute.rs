//! A dispute, and how its withdrawals and reinstatements are divided between the creator and the platform.

use crate::ids::{DisputeId, IntentId, TransactionId};
use crate::money::Currency;
use crate::payment::{
    Conflict, DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary, Fact, Payment, Stamp,
    creator_share::creator_share,
    snapshot::mismatch::{Mismatch, ensure_intent, ensure_plausible},
};

/// What a dispute says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSnapshot {
    pub id: DisputeId,
    pub intent: Option<IntentId>,
    /// The disputed amount, in minor units of the charge's currency.
    pub amount: i64,
    pub status: DisputeStatus,
    pub stamp: Stamp,
    /// None for an inquiry; can be several.
    pub transactions: Vec<DisputeTransaction>,
}

/// One of a dispute's balance transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeTransaction {
    pub id: TransactionId,
    /// With Stripe's sign: negative for a withdrawal, positive for a reinstatement, in minor units of `currency`.
    pub amount: i64,
    /// Stripe's fee for the dispute, in minor units of `currency`; negative when Stripe returns it.
    pub fee: i64,
    /// The currency of the platform's balance.
    pub currency: Currency,
}

impl DisputeSnapshot {
    /// The facts that the dispute implies about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the dispute does not belong to this payment, or its amounts cannot be converted to the payment's
    /// currency.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        ensure_intent(self.intent.as_ref(), payment)?;
        ensure_plausible("dispute amount", self.amount)?;
        Mismatch::unless(self.amount >= 0, "dispute amount", &"at least 0", &self.amount)?;
        let summary = DisputeSummary { stamp: self.stamp.clone(), status: self.status, amount: self.amount };
        let mut facts = vec![Fact::Dispute(DisputeFact::Summary(self.id.clone(), summary))];
        let mut payment = payment.clone();
        for transaction in self.in_order() {
            if let Some(known) = payment.state.disputes.funds.get(&transaction.id) {
                facts.extend(self.conflict(transaction, known));
                continue;
            }
            let funds = self.divide(transaction, &payment)?;
            let fact = Fact::Dispute(DisputeFact::Funds(transaction.id.clone(), funds));
            payment.state = payment.state.join(&fact);
            facts.push(fact);
        }
        Ok(facts)
    }

    /// The conflict of a transaction with what is known under its id.
    fn conflict(&self, transaction: &DisputeTransaction, known: &DisputeFunds) -> Option<Fact> {
        let show = |dispute: &DisputeId, amount: i64, fee: i64, currency: Currency| {
            format!("{amount} {currency}, fee {fee}, of {dispute}")
        };
        let amount = known.raw_amount.unwrap_or(-known.charged);
        let ours = show(&known.dispute, amount, known.fee, known.fee_currency);
        let theirs = show(&self.id, transaction.amount, transaction.fee, transaction.currency);
        (ours != theirs)
            .then(|| Fact::Conflict(Conflict::new(&transaction.id, "dispute transaction", &ours, &theirs)))
    }

    /// Withdrawals first, because a reinstatement is divided as what it reinstates.
    fn in_order(&self) -> Vec<&DisputeTransaction> {
        let mut transactions: Vec<_> = self.transactions.iter().collect();
        transactions.sort_by_key(|transaction| (transaction.amount.signum(), &transaction.id));
        transactions
    }

    /// Divides a withdrawal in the charge's proportion; the creator's part is limited to what is left. After a
    /// reinstatement, the creator's part is the share of what is still withdrawn, so that the order of snapshots does not
    /// change the sum.
    fn divide(&self, transaction: &DisputeTransaction, payment: &Payment) -> Result<DisputeFunds, Mismatch> {
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
