//! A charge: its outcome, its transfer, and Stripe's fee.

use crate::ids::{ChargeId, IntentId, TransactionId, TransferId};
use crate::payment::snapshot::object_check::{ensure_currency, ensure_intent};
use crate::payment::snapshot::original_transfer::ensure_original;
use crate::payment::snapshot::plausible_amount::ensure_plausible;
use crate::payment::{Card, ChargeOutcome, Conflict, Fact, Mismatch, Payment, StripeFee, TransferFact};

/// What a charge says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSnapshot {
    pub id: ChargeId,
    pub intent: Option<IntentId>,
    /// None while it is pending.
    pub outcome: Option<ChargeOutcome>,
    /// The card that was charged.
    pub card: Option<Card>,
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
    /// The facts that the charge implies about `payment`. The payment's intent, and that it succeeded, follow only from the
    /// intent itself, all of whose amounts are checked.
    ///
    /// # Errors
    /// [`Mismatch`] when the charge does not belong to this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        ensure_intent(self.intent.as_ref(), payment)?;
        ensure_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        Mismatch::unless(self.amount == total, "charge amount", &total, &self.amount)?;
        let mut facts = Vec::new();
        if let Some(outcome) = self.outcome {
            facts.push(Fact::Charge(self.id.clone(), outcome));
        }
        if self.outcome == Some(ChargeOutcome::Failed) {
            return Ok(facts);
        }
        if self.outcome == Some(ChargeOutcome::Succeeded) {
            facts.extend(self.card.clone().map(Fact::Card));
        }
        if let Some(transfer) = &self.transfer {
            facts.push(match ensure_original(&self.id, transfer, payment) {
                Ok(()) => Fact::Transfer(TransferFact::Original(self.id.clone(), transfer.clone())),
                Err(mismatch) => mismatch.conflict(&self.id),
            });
        }
        if let Some((transaction, fee)) = &self.fee {
            ensure_plausible("fee", fee.amount)?;
            facts.push(fee_fact(transaction, *fee, payment));
        }
        Ok(facts)
    }
}

/// An intent is paid once, so Stripe's fee for it has one balance transaction and one amount.
fn fee_fact(transaction: &TransactionId, fee: StripeFee, payment: &Payment) -> Fact {
    let show = |id: &TransactionId, fee: StripeFee| format!("{} {} by {id}", fee.amount, fee.currency);
    match payment.state.fees.first_key_value() {
        Some((id, known)) if (id, *known) != (transaction, fee) => {
            Fact::Conflict(Conflict::new(transaction, "fee", &show(id, *known), &show(transaction, fee)))
        }
        Some(_) | None => Fact::Fee(transaction.clone(), fee),
    }
}
