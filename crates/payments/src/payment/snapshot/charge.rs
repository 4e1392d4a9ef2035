//! A charge: its outcome, its own transfer, and Stripe's fee.

use crate::ids::{ChargeId, IntentId, TransactionId, TransferId};
use crate::payment::{
    Payment,
    fact::{ChargeOutcome, Fact, StripeFee},
    snapshot::{
        check::{plausible, same_currency, same_intent},
        intent::{Mismatch, Shown},
    },
    transfer::TransferFact,
};

/// A charge as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSnapshot {
    /// `ch_…`.
    pub id: ChargeId,
    /// The intent that it is an attempt to pay.
    pub intent: Option<IntentId>,
    /// What became of it; none while it is pending.
    pub outcome: Option<ChargeOutcome>,
    /// The charged amount, in minor units.
    pub amount: i64,
    /// Stripe's lower-case code, as sent.
    pub currency: String,
    /// The transfer of the creator's share; with asynchronous capture it comes later.
    pub transfer: Option<TransferId>,
    /// Stripe's fee, where the balance transaction was seen with it.
    pub fee: Option<(TransactionId, StripeFee)>,
}

impl ChargeSnapshot {
    /// The facts that this sight of the charge tells about `payment`. That the intent is paid is told by the intent
    /// alone, whose amounts are all checked.
    ///
    /// # Errors
    /// [`Mismatch`] when the charge is not of this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        same_intent(self.intent.as_ref(), payment)?;
        same_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        Mismatch::unless(self.amount == total, "charge amount", &total, &self.amount)?;
        let own = &payment.state.transfers.own;
        let is_ours = self.transfer.is_none() || own.is_none() || self.transfer == *own;
        Mismatch::unless(is_ours, "transfer", &Shown(own.as_ref()), &Shown(self.transfer.as_ref()))?;
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
            facts.push(Fact::Transfer(TransferFact::Own(transfer.clone())));
        }
        if let Some((transaction, fee)) = &self.fee {
            plausible("fee", fee.amount)?;
            facts.push(Fact::Fee(transaction.clone(), *fee));
        }
        Ok(facts)
    }
}
