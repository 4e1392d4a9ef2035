//! What a dispute takes of the creator's share once there is room for it.
//!
//! Its share is decided when its money is first seen, and is no more than what refunds leave of the chosen amount. But a
//! refund can come to nothing afterwards: Stripe fails one that is pending when its charge is disputed
//! (`charge_for_pending_refund_disputed`, <https://docs.stripe.com/api/refunds/object>), or refuses one that is only asked
//! for. What the refund gives back is the dispute's then, whatever came to light first.

use crate::ids::DisputeId;
use crate::payment::{Payment, creator_share::creator_share, dispute::DisputeFact, fact::Fact};

impl Payment {
    /// The facts of what standing disputes take in addition; none in the normal state.
    #[must_use]
    pub fn share_adjustments(&self) -> Vec<Fact> {
        let mut left = self.refundable();
        let mut facts = Vec::new();
        for dispute in self.state.disputes.holding_sender() {
            let further = self.missing_share(&dispute).min(left);
            if further > 0 {
                left -= further;
                let numbers = self.state.disputes.share_adjustments.get(&dispute);
                let number = numbers.and_then(|all| all.keys().max()).map_or(1, |last| last + 1);
                facts.push(Fact::Dispute(DisputeFact::ShareAdjustment(dispute, number, further)));
            }
        }
        facts
    }

    /// What is missing of a dispute's share, whether or not it is left.
    fn missing_share(&self, dispute: &DisputeId) -> i64 {
        let disputes = &self.state.disputes;
        let (charged, creator) = disputes.standing(dispute);
        let moved = disputes.funds.values().filter(|money| money.dispute == *dispute);
        // Each withdrawal is divided by itself, and rounded down.
        let divided: i64 = moved.map(|money| creator_share(self, money.charged.max(0))).sum();
        divided.min(creator_share(self, charged)) - creator
    }
}
