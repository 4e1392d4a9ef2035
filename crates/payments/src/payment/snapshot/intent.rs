//! A PaymentIntent, and what its status says about the payment.

use crate::ids::{AccountId, ChargeId, IntentId};
use crate::payment::{ChargeOutcome, DeclineCode, Fact, Mismatch, Payment, Phase, Stamp};

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
    /// Why the latest attempt failed; none once the sender tries again.
    pub declined: Option<DeclineCode>,
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
        // Once the intent has ended, the stamp says when it was read, not when the attempt failed: each reading would be news.
        let is_open = !matches!(self.status, IntentStatus::Succeeded | IntentStatus::Canceled);
        let declined = self.declined.clone().filter(|_| is_open);
        facts.extend(declined.map(|code| Fact::Declined(self.stamp.clone(), code)));
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
}
