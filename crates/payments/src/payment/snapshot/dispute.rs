//! A dispute: its status, and the balance transactions that withdraw and reinstate funds.

use crate::ids::{DisputeId, IntentId, TransactionId};
use crate::money::Currency;
use crate::payment::snapshot::object_check::ensure_intent;
use crate::payment::snapshot::plausible_amount::ensure_plausible;
use crate::payment::{
    Conflict, DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary, Fact, Mismatch, Payment, Stamp,
};
use crate::timestamp::Timestamp;

/// What a dispute says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSnapshot {
    pub id: DisputeId,
    pub intent: Option<IntentId>,
    /// The disputed amount, in minor units of `currency`.
    pub amount: i64,
    /// As sent by Stripe, in lower case: the charge's currency, or that of the card.
    pub currency: String,
    pub status: DisputeStatus,
    /// Until when evidence can be submitted.
    pub due_by: Option<Timestamp>,
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
        let mut facts = Vec::new();
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
        let is_charged = self.currency == payment.terms.chosen.currency().code();
        let amount =
            if is_charged { self.amount } else { payment.state.disputes.net_withdrawn(&self.id).0.max(0) };
        let (stamp, status, due_by) = (self.stamp.clone(), self.status, self.due_by);
        let summary = DisputeSummary { stamp, status, amount, due_by };
        facts.push(Fact::Dispute(DisputeFact::Summary(self.id.clone(), summary)));
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
}
