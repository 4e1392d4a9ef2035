//! A refund, and how it is divided between the creator and the platform.

use crate::ids::{IntentId, RefundId, RefundRequestId, ReversalId};
use crate::payment::snapshot::object_check::{ensure_currency, ensure_intent};
use crate::payment::{
    Conflict, Fact, Mismatch, Payment, RefundFact, RefundRequest, RefundSplit, RefundStatus,
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
        if let Some(known) = payment.state.refunds.at_stripe.get(&self.id) {
            let split = known.split.clone();
            let ours = (split.creator + split.platform, payment.terms.chosen.currency().code());
            let mut facts = vec![self.at_stripe(split)];
            if ours != (self.amount, self.currency.as_str()) {
                facts.push(self.conflict(ours.0, payment));
            }
            return Ok(facts);
        }
        ensure_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        let is_part = (1..=total).contains(&self.amount);
        Mismatch::unless(is_part, "refund amount", &format_args!("1 to {total}"), &self.amount)?;
        let mut facts = vec![self.at_stripe(self.split(payment))];
        let asked = self.requested(payment).map(|(_, request)| request.creator + request.platform);
        facts.extend(asked.filter(|asked| *asked != self.amount).map(|asked| self.conflict(asked, payment)));
        Ok(facts)
    }

    fn at_stripe(&self, split: RefundSplit) -> Fact {
        Fact::Refund(RefundFact::AtStripe(self.id.clone(), split, self.status))
    }

    fn conflict(&self, ours: i64, payment: &Payment) -> Fact {
        let currency = payment.terms.chosen.currency();
        let theirs = format_args!("{} {}", self.amount, self.currency);
        Fact::Conflict(Conflict::new(&self.id, "refund amount", &format_args!("{ours} {currency}"), &theirs))
    }

    /// The request of ours that the refund names.
    pub(crate) fn requested<'a>(
        &'a self,
        payment: &'a Payment,
    ) -> Option<(&'a RefundRequestId, &'a RefundRequest)> {
        let id = self.request.as_ref()?;
        Some((id, &payment.state.refunds.requested.get(id)?.request))
    }
}
