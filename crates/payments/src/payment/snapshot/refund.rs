//! A refund, and how it is divided between the creator and the platform.

use crate::ids::{IntentId, RefundId, RefundRequestId, ReversalId};
use crate::payment::{
    Fact, Payment, RefundFact, RefundStatus,
    snapshot::mismatch::{Mismatch, ensure_currency, ensure_intent},
};

/// What a refund says about a payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSnapshot {
    pub id: RefundId,
    pub intent: Option<IntentId>,
    /// The refunded amount of the charge, in minor units.
    pub amount: i64,
    /// As sent by Stripe, in lower case.
    pub currency: String,
    pub status: RefundStatus,
    /// Our request for it (metadata `refund_id`); none for a refund that we did not create.
    pub request: Option<RefundRequestId>,
    /// The reversal that Stripe made with it (`reverse_transfer`). Our refunds have none; its amount is on the transfer.
    pub transfer_reversal: Option<ReversalId>,
}

impl RefundSnapshot {
    /// The facts that the refund implies about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the refund does not belong to this payment or differs from our request.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        ensure_intent(self.intent.as_ref(), payment)?;
        ensure_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        let is_part = (1..=total).contains(&self.amount);
        Mismatch::unless(is_part, "refund amount", &format_args!("1 to {total}"), &self.amount)?;
        let split = match payment.state.refunds.at_stripe.get(&self.id) {
            Some(refund) => refund.split.clone(),
            None => self.split(payment),
        };
        let ours = split.creator + split.platform;
        Mismatch::unless(ours == self.amount, "refund amount", &ours, &self.amount)?;
        Ok(vec![Fact::Refund(RefundFact::AtStripe(self.id.clone(), split, self.status))])
    }
}
