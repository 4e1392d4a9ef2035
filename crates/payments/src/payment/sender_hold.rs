//! A hold on a sender whose payments are disputed.

use crate::ids::DisputeId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The disputes that hold a sender from sending; with none, the sender is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderHold {
    /// Disputes whose withdrawn money is not reinstated.
    pub disputes: BTreeSet<DisputeId>,
}

/// What a payment's change does to its sender's hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderHoldChange {
    /// Disputes that hold from now on.
    pub held: BTreeSet<DisputeId>,
    /// Disputes that hold no longer.
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
    /// From the disputes that held before to those that hold after; none when they are the same.
    #[must_use]
    pub fn between(before: &BTreeSet<DisputeId>, after: &BTreeSet<DisputeId>) -> Option<Self> {
        let held: BTreeSet<_> = after.difference(before).cloned().collect();
        let released: BTreeSet<_> = before.difference(after).cloned().collect();
        (before != after).then_some(Self { held, released })
    }
}
