//! A dispute, and how what it withdraws and reinstates is divided.

use crate::ids::{DisputeId, IntentId, TransactionId};
use crate::money::Currency;
use crate::payment::{
    Payment,
    creator_share::creator_share,
    dispute::{DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary},
    fact::Fact,
    snapshot::{
        check::{plausible, same_intent},
        intent::Mismatch,
    },
    stamp::Stamp,
};

/// A dispute as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSnapshot {
    /// `dp_…`.
    pub id: DisputeId,
    /// The intent whose charge is disputed.
    pub intent: Option<IntentId>,
    /// The disputed amount, in minor units of the charge's currency.
    pub amount: i64,
    /// Its status then.
    pub status: DisputeStatus,
    /// When and by what it was seen.
    pub stamp: Stamp,
    /// Its balance transactions: none for an inquiry, sometimes several.
    pub transactions: Vec<DisputeTransaction>,
}

/// One of a dispute's balance transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeTransaction {
    /// `txn_…`.
    pub id: TransactionId,
    /// As Stripe counts: negative withdrawn, positive reinstated, in minor units of `currency`.
    pub amount: i64,
    /// What Stripe took for the dispute, in minor units of `currency`; negative when it gave it back.
    pub fee: i64,
    /// The currency of the platform's balance.
    pub currency: Currency,
}

impl DisputeSnapshot {
    /// The facts that this summary of the dispute tells about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the dispute is not of this payment, or cannot be told in the payment's currency.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        same_intent(self.intent.as_ref(), payment)?;
        plausible("dispute amount", self.amount)?;
        Mismatch::unless(self.amount >= 0, "dispute amount", &"at least 0", &self.amount)?;
        let summary = DisputeSummary { stamp: self.stamp.clone(), status: self.status, amount: self.amount };
        let mut facts = vec![Fact::Dispute(DisputeFact::Status(self.id.clone(), summary))];
        let mut known = payment.clone();
        for transaction in self.in_order() {
            if known.state.disputes.funds.contains_key(&transaction.id) {
                continue;
            }
            let money = self.divide(transaction, &known)?;
            let fact = Fact::Dispute(DisputeFact::Funds(transaction.id.clone(), money));
            known.state = known.state.join(&fact);
            facts.push(fact);
        }
        Ok(facts)
    }

    /// Withdrawals first: a reinstatement is divided as what it reinstates.
    fn in_order(&self) -> Vec<&DisputeTransaction> {
        let mut transactions: Vec<_> = self.transactions.iter().collect();
        transactions.sort_by_key(|transaction| (transaction.amount.signum(), &transaction.id));
        transactions
    }

    /// What is withdrawn is divided in the charge's proportion, and the creator gives no more than is left. What is
    /// reinstated leaves the creator with the share of what still stands, so that no order of news changes the sum.
    fn divide(&self, transaction: &DisputeTransaction, known: &Payment) -> Result<DisputeFunds, Mismatch> {
        plausible("dispute transaction", transaction.amount)?;
        plausible("dispute fee", transaction.fee)?;
        let (standing, creator_standing) = known.state.disputes.standing(&self.id);
        let (charged, creator) = match transaction.amount.signum() {
            1 => {
                let back = self.in_charged_currency(transaction, standing, known)?;
                let stays = creator_share(known, (standing - back).max(0)).min(creator_standing);
                (-back, stays - creator_standing)
            }
            -1 => {
                let taken = self.in_charged_currency(transaction, self.amount, known)?;
                (taken, creator_share(known, taken).min(known.refundable()))
            }
            _ => (0, 0),
        };
        let (fee, fee_currency) = (transaction.fee, transaction.currency);
        Ok(DisputeFunds { dispute: self.id.clone(), charged, creator, fee, fee_currency })
    }

    /// A movement of the platform's balance in the charge's currency. Where the two differ, a movement that is the
    /// only one of its direction is of the `whole`; the parts of several cannot be told.
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
