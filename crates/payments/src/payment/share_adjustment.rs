//! Raises a dispute's part of the creator's share when a refund beside it fails.
//!
//! The part is decided when the dispute's withdrawal is first seen, and is limited to what refunds leave of the chosen
//! amount. A refund can fail afterwards: Stripe fails a pending refund of a disputed charge
//! (`charge_for_pending_refund_disputed`, <https://docs.stripe.com/api/refunds/object>), or refuses a requested one. The
//! dispute then takes what the refund no longer takes, so that the order of the events does not matter.

use crate::ids::DisputeId;
use crate::payment::{DisputeFact, Fact, Payment, creator_share::creator_share};

impl Payment {
    /// Adjustments that bring each dispute's part up to its share of the withdrawal; normally none.
    #[must_use]
    pub fn share_adjustments(&self) -> Vec<Fact> {
        let mut left = self.refundable();
        let mut facts = Vec::new();
        for dispute in self.state.disputes.holding_sender() {
            let amount = self.missing_share(&dispute).min(left);
            if amount > 0 {
                left -= amount;
                let earlier = self.state.disputes.share_adjustments.get(&dispute);
                let number = earlier.and_then(|numbered| numbered.keys().max()).map_or(1, |last| last + 1);
                facts.push(Fact::Dispute(DisputeFact::ShareAdjustment(dispute, number, amount)));
            }
        }
        facts
    }

    /// How much the dispute's part is below its share, whether or not that much is left of the chosen amount.
    fn missing_share(&self, dispute: &DisputeId) -> i64 {
        let disputes = &self.state.disputes;
        let (charged, creator) = disputes.net_withdrawn(dispute);
        let transactions = disputes.funds.values().filter(|funds| funds.dispute == *dispute);
        // Each withdrawal is divided and rounded down by itself.
        let divided: i64 = transactions.map(|funds| creator_share(self, funds.charged.max(0))).sum();
        divided.min(creator_share(self, charged)) - creator
    }
}
