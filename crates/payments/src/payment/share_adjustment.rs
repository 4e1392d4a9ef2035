//! Adjusts the creator's part of disputes and of dashboard refunds when what stands beside them changes.
//!
//! Each part is decided when the withdrawal or the refund is first seen, rounded down, and limited to what is left of the
//! chosen amount.
//!
//! - A refund beside a dispute can fail afterwards: Stripe fails a pending refund of a disputed charge
//!   (`charge_for_pending_refund_disputed`, <https://docs.stripe.com/api/refunds/object>), or refuses a requested one. The
//!   dispute then takes what the refund no longer takes.
//! - Many small refunds made in Stripe's dashboard take less one by one than together. They are brought to the share of
//!   their sum, and to all that is left once the whole charge is back with the sender.
//!
//! So the order of the events does not matter.

use crate::ids::DisputeId;
use crate::payment::{DisputeFact, Fact, Payment, RefundFact, creator_share::creator_share};
use std::collections::BTreeMap;

/// The number of the next adjustment, from 1.
fn next_number(earlier: Option<&BTreeMap<u32, i64>>) -> u32 {
    earlier.and_then(|numbered| numbered.keys().next_back()).map_or(1, |last| last + 1)
}

impl Payment {
    /// Adjustments that bring each dispute's part up to its share of the withdrawal, and that of dashboard refunds to the
    /// share of their sum; normally none.
    #[must_use]
    pub fn share_adjustments(&self) -> Vec<Fact> {
        let mut facts = self.dispute_adjustments();
        let mut after = self.clone();
        after.state = after.state.join_all(&facts);
        facts.extend(after.dashboard_refund_adjustment());
        facts
    }

    fn dispute_adjustments(&self) -> Vec<Fact> {
        let mut left = self.left_beside_dashboard_refunds() - self.dashboard_share();
        let mut facts = Vec::new();
        for dispute in self.state.disputes.holding_sender() {
            let amount = self.missing_share(&dispute).min(left);
            if amount > 0 {
                left -= amount;
                let number = next_number(self.state.disputes.share_adjustments.get(&dispute));
                facts.push(Fact::Dispute(DisputeFact::ShareAdjustment(dispute, number, amount)));
            }
        }
        facts
    }

    /// None before the payment succeeds: what is decided then is decided once.
    fn dashboard_refund_adjustment(&self) -> Option<Fact> {
        let refunds = &self.state.refunds;
        let returned = refunds.creator_amount() + refunds.platform_amount();
        let is_all_back =
            returned + self.state.disputes.charged_amount() >= self.terms.parameters.total.amount();
        let (in_dashboard, part) = refunds.in_dashboard();
        let share = if in_dashboard > 0 && is_all_back {
            self.left_beside_dashboard_refunds()
        } else {
            self.dashboard_share()
        };
        let amount = share - part - refunds.adjusted();
        let number = next_number(Some(&refunds.share_adjustments));
        (self.state.succeeded && amount != 0)
            .then_some(Fact::Refund(RefundFact::ShareAdjustment(number, amount)))
    }

    /// The creator's share of the sum of all dashboard refunds, limited to what is left beside them.
    fn dashboard_share(&self) -> i64 {
        creator_share(self, self.state.refunds.in_dashboard().0).min(self.left_beside_dashboard_refunds())
    }

    /// What requested refunds and disputes leave of the chosen amount, in minor units.
    fn left_beside_dashboard_refunds(&self) -> i64 {
        let refunds = &self.state.refunds;
        let in_dashboard = refunds.in_dashboard().1 + refunds.adjusted();
        let others = refunds.creator_committed() - in_dashboard + self.state.disputes.creator_amount();
        (self.terms.chosen.amount() - others).max(0)
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
