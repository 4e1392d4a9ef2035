//! The hold on a sender with disputed payments: such a sender may not send.

use crate::ids::DisputeId;
use crate::payment::Disputes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The disputes that hold a sender. Without any, the sender may send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderHold {
    /// Disputes whose withdrawn money is not reinstated.
    pub disputes: BTreeSet<DisputeId>,
}

/// The disputes that a change of a payment adds to its sender's hold, and removes from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderHoldChange {
    pub held: BTreeSet<DisputeId>,
    pub released: BTreeSet<DisputeId>,
}

impl SenderHold {
    /// Whether the sender may not send.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.disputes.is_empty()
    }

    /// The hold after a change.
    #[must_use]
    pub fn after(mut self, change: &SenderHoldChange) -> Self {
        self.disputes.extend(change.held.iter().cloned());
        self.disputes.retain(|dispute| !change.released.contains(dispute));
        self
    }
}

impl SenderHoldChange {
    /// Compares the disputes that held before with those that hold after; `None` when they are the same.
    #[must_use]
    pub fn between(before: &BTreeSet<DisputeId>, after: &BTreeSet<DisputeId>) -> Option<Self> {
        let held: BTreeSet<_> = after.difference(before).cloned().collect();
        let released: BTreeSet<_> = before.difference(after).cloned().collect();
        (before != after).then_some(Self { held, released })
    }
}

impl Disputes {
    /// The disputes whose withdrawn funds are not reinstated: they hold the sender.
    #[must_use]
    pub fn holding_sender(&self) -> BTreeSet<DisputeId> {
        let disputes = self.funds.values().map(|funds| &funds.dispute);
        disputes.filter(|dispute| self.net_withdrawn(dispute).0 > 0).cloned().collect()
    }
}
