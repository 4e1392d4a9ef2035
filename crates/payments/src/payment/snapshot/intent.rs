//! A PaymentIntent, and whether it is the one that the payment's terms describe.

use crate::ids::{AccountId, ChargeId, IntentId};
use crate::payment::{
    ChargeOutcome, Fact, Payment, Phase, Stamp,
    snapshot::mismatch::{Mismatch, Shown},
};

/// The states of a PaymentIntent (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentStatus {
    /// Waits for a card; also after a failed attempt.
    RequiresPaymentMethod,
    /// Has a card and waits to be confirmed.
    RequiresConfirmation,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// The card network processes it.
    Processing,
    /// Authorised but not captured; does not occur with automatic capture.
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// What a PaymentIntent says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentSnapshot {
    pub id: IntentId,
    pub status: IntentStatus,
    /// To be charged, in minor units.
    pub amount: i64,
    /// Charged so far, in minor units.
    pub amount_received: i64,
    /// As sent by Stripe, in lower case.
    pub currency: String,
    /// `transfer_data[destination]`.
    pub destination: Option<AccountId>,
    /// `transfer_data[amount]`.
    pub transfer_amount: Option<i64>,
    /// The latest charge and its outcome.
    pub charge: Option<(ChargeId, ChargeOutcome)>,
    pub stamp: Stamp,
}

impl IntentSnapshot {
    /// The facts that the intent implies about `payment`: none for a second intent.
    ///
    /// # Errors
    /// [`Mismatch`] when the intent is not the one that the payment's terms describe.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        if self.is_second_of(payment) {
            return Ok(Vec::new());
        }
        self.check(payment)?;
        let mut facts = vec![Fact::Intent(self.id.clone())];
        if let Some((charge, outcome)) = &self.charge {
            facts.push(Fact::Charge(charge.clone(), *outcome));
        }
        let phase = |phase| Fact::Phase(self.stamp.clone(), phase);
        facts.push(match self.status {
            IntentStatus::RequiresPaymentMethod | IntentStatus::RequiresConfirmation => {
                phase(Phase::RequiresPaymentMethod)
            }
            IntentStatus::RequiresAction => phase(Phase::RequiresAction),
            IntentStatus::Processing | IntentStatus::RequiresCapture => phase(Phase::Processing),
            IntentStatus::Succeeded => Fact::Succeeded,
            IntentStatus::Canceled => Fact::Canceled,
        });
        Ok(facts)
    }

    /// Whether it is a second intent of the payment. Once Stripe has refused the receipt, a race or a crash can leave one
    /// under each of the two keys. Nobody has the client secret of the second, so it is canceled.
    #[must_use]
    pub fn is_second_of(&self, payment: &Payment) -> bool {
        let is_other = payment.state.intent.as_ref().is_some_and(|own| *own != self.id);
        let is_unpaid = self.status != IntentStatus::Succeeded;
        payment.state.receipt_refused && is_other && is_unpaid && self.check_terms(payment).is_ok()
    }

    fn check(&self, payment: &Payment) -> Result<(), Mismatch> {
        let intent = payment.state.intent.as_ref();
        Mismatch::unless(intent.is_none_or(|id| *id == self.id), "id", &Shown(intent), &self.id)?;
        self.check_terms(payment)
    }

    fn check_terms(&self, payment: &Payment) -> Result<(), Mismatch> {
        let expected = &payment.terms.parameters;
        let paid_in_full =
            self.status != IntentStatus::Succeeded || self.amount_received == expected.total.amount();
        let (total, currency) = (expected.total.amount(), expected.total.currency().code());
        Mismatch::unless(self.amount == total, "amount", &total, &self.amount)?;
        Mismatch::unless(paid_in_full, "amount_received", &total, &self.amount_received)?;
        Mismatch::unless(self.currency == currency, "currency", &currency, &self.currency)?;
        let destination = self.destination.as_ref();
        let is_ours = destination == Some(&expected.destination);
        Mismatch::unless(is_ours, "destination", &expected.destination, &Shown(destination))?;
        let is_ours = self.transfer_amount == Some(expected.transfer_amount);
        let theirs = Shown(self.transfer_amount.as_ref());
        Mismatch::unless(is_ours, "transfer amount", &expected.transfer_amount, &theirs)
    }
}
