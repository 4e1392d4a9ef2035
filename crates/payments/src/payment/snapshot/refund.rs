//! A refund, and how it is divided between the creator and the platform.

use crate::ids::{IntentId, RefundId, RefundRequestId, ReversalId};
use crate::payment::{
    Payment,
    creator_share::creator_share,
    fact::Fact,
    refund::{RefundFact, RefundSplit, RefundStatus},
    snapshot::{
        check::{same_currency, same_intent},
        intent::Mismatch,
    },
};

/// A refund as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSnapshot {
    /// `re_…`.
    pub id: RefundId,
    /// The intent whose charge is refunded.
    pub intent: Option<IntentId>,
    /// The refunded amount of the charge, in minor units.
    pub amount: i64,
    /// Stripe's lower-case code, as sent.
    pub currency: String,
    /// Its status then.
    pub status: RefundStatus,
    /// The request that it answers (metadata `refund_id`); none when it was not made by us.
    pub request: Option<RefundRequestId>,
    /// The reversal that Stripe made with it (`reverse_transfer`), which none of ours does. It is told by the
    /// transfer.
    pub transfer_reversal: Option<ReversalId>,
}

impl RefundSnapshot {
    /// The facts that this sight of the refund tells about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the refund is not of this payment, or not as we asked for it.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        same_intent(self.intent.as_ref(), payment)?;
        same_currency(&self.currency, payment)?;
        let total = payment.terms.parameters.total.amount();
        let is_part = (1..=total).contains(&self.amount);
        Mismatch::unless(is_part, "refund amount", &format_args!("1 to {total}"), &self.amount)?;
        let split = match payment.state.refunds.at_stripe.get(&self.id) {
            Some(known) => known.split.clone(),
            None => self.split(payment),
        };
        let ours = split.creator + split.platform;
        Mismatch::unless(ours == self.amount, "refund amount", &ours, &self.amount)?;
        Ok(vec![Fact::Refund(RefundFact::AtStripe(self.id.clone(), split, self.status))])
    }

    /// As frozen in our request while its amount is reserved; else in the charge's proportion. Without a reservation
    /// the creator gives back no more than is left.
    fn split(&self, payment: &Payment) -> RefundSplit {
        let refunds = &payment.state.refunds;
        let ours = self.request.as_ref().and_then(|id| Some((id, &refunds.requested.get(id)?.request)));
        let (creator, platform, reserved) = match ours {
            Some((id, asked)) => {
                (asked.creator, asked.platform, refunds.unanswered().any(|(open, _)| open == id))
            }
            None => {
                let creator = creator_share(payment, self.amount);
                (creator, self.amount - creator, false)
            }
        };
        let over = if reserved { 0 } else { (creator - payment.refundable()).max(0) };
        let request = ours.map(|(id, _)| id.clone());
        RefundSplit { creator: creator - over, platform: platform + over, request }
    }
}
