//! A charge: its outcome, its transfer, and Stripe's fee.

use crate::ids::{ChargeId, IntentId, TransactionId, TransferId};
use crate::payment::{
    ChargeOutcome, Fact, Payment, StripeFee, TransferFact,
    snapshot::mismatch::{Mismatch, Shown, ensure_currency, ensure_intent, ensure_plausible},
};

/// What a charge says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSnapshot {
    pub id: ChargeId,
    pub intent: Option<IntentId>,
    /// None while it is pending.
    pub outcome: Option<ChargeOutcome>,
    /// In minor units.
    pub amount: i64,
    /// As sent by Stripe, in lower case.
    pub currency: String,
    /// The transfer of the creator's share. With asynchronous capture Stripe creates it later.
    pub transfer: Option<TransferId>,
    /// Known when the object contains its balance transaction.
    pub fee: Option<(TransactionId, StripeFee)>,
}

impl ChargeSnapshot {
    /// The facts that the charge implies about `payment`. That the payment succeeded follows only from its intent, all of
    /// whose amounts are checked.
    ///
    /// # Errors
    /// [`Mismatch`] when the charge does not belong to this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        ensure_intent(self.intent.as_ref(), payment)?;
        ensure_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        Mismatch::unless(self.amount == total, "charge amount", &total, &self.amount)?;
        let original = &payment.state.transfers.original;
        let is_ours = self.transfer.is_none() || original.is_none() || self.transfer == *original;
        Mismatch::unless(is_ours, "transfer", &Shown(original.as_ref()), &Shown(self.transfer.as_ref()))?;
        let mut facts = Vec::new();
        if let Some(intent) = &self.intent {
            facts.push(Fact::Intent(intent.clone()));
        }
        if let Some(outcome) = self.outcome {
            facts.push(Fact::Charge(self.id.clone(), outcome));
        }
        if self.outcome == Some(ChargeOutcome::Failed) {
            return Ok(facts);
        }
        if let Some(transfer) = &self.transfer {
            facts.push(Fact::Transfer(TransferFact::Original(transfer.clone())));
        }
        if let Some((transaction, fee)) = &self.fee {
            ensure_plausible("fee", fee.amount)?;
            facts.push(Fact::Fee(transaction.clone(), *fee));
        }
        Ok(facts)
    }
}
