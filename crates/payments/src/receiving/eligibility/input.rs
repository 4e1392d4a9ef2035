//! Everything that the decision reads.

use crate::ids::UserId;
use crate::money::Money;
use crate::receiving::{Policy, Receiver, Rollout, Usages};
use crate::timestamp::Timestamp;

/// Everything that the decision depends on, as values: the decision reads no table and no clock.
#[derive(Debug, Clone, Copy)]
pub struct EligibilityInput<'a> {
    pub receiver: &'a Receiver,
    pub rollout: &'a Rollout,
    /// `None` for a decision about the creator alone.
    pub sender: Option<&'a UserId>,
    pub sender_blocked: bool,
    /// A dispute or an operator holds the sender.
    pub sender_held: bool,
    /// What the sender has sent today; without it no sender limit applies.
    pub usages: Option<&'a Usages>,
    pub chosen: Option<Money>,
    pub policy: &'a Policy,
    pub now: Timestamp,
}

impl<'a> EligibilityInput<'a> {
    /// The input about a creator alone, without a sender or an amount.
    #[must_use]
    pub fn of(receiver: &'a Receiver, rollout: &'a Rollout, policy: &'a Policy, now: Timestamp) -> Self {
        Self {
            receiver,
            rollout,
            sender: None,
            sender_blocked: false,
            sender_held: false,
            usages: None,
            chosen: None,
            policy,
            now,
        }
    }
}
