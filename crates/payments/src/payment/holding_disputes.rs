//! The disputes of a payment that hold its sender.

use crate::ids::DisputeId;
use crate::payment::{DisputeStatus, DisputeSummary, Disputes, Payment};
use crate::receiving::HoldingDispute;
use crate::timestamp::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl Disputes {
    /// The disputes whose withdrawn funds are not reinstated: they hold the sender.
    #[must_use]
    pub fn holding_sender(&self) -> BTreeSet<DisputeId> {
        let disputes = self.funds.values().map(|funds| &funds.dispute);
        disputes.filter(|dispute| self.net_withdrawn(dispute).0 > 0).cloned().collect()
    }

    /// When Stripe reported that a dispute is lost, unless it has reported another status since.
    fn lost_at(&self, dispute: &DisputeId) -> Option<Timestamp> {
        let is_lost = |summary: &&DisputeSummary| summary.status == DisputeStatus::Lost;
        let summary = self.summaries.get(dispute).filter(is_lost)?;
        Some(Timestamp::from_seconds(summary.stamp.at_s))
    }
}

impl Payment {
    /// What the payment contributes to its sender's hold.
    #[must_use]
    pub fn disputes_holding_sender(&self) -> BTreeMap<DisputeId, HoldingDispute> {
        let disputes = &self.state.disputes;
        let holding = |dispute: DisputeId| {
            let lost_at = disputes.lost_at(&dispute);
            (dispute, HoldingDispute { payment: self.id().clone(), lost_at })
        };
        disputes.holding_sender().into_iter().map(holding).collect()
    }
}
