//! What the decision is asked.

use crate::ids::UserId;
use crate::money::Money;
use crate::receiving::{policy::Policy, receiver::Receiver, rollout::Rollout, sender_limits::Usages};
use crate::timestamp::Timestamp;

/// Everything that the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who would receive.
    pub receiver: &'a Receiver,
    /// How far receiving is open.
    pub rollout: &'a Rollout,
    /// Who would send, if someone in particular.
    pub sender: Option<&'a UserId>,
    /// Whether the creator blocked the sender.
    pub sender_blocked: bool,
    /// Whether the sender is held from sending.
    pub sender_held: bool,
    /// What the sender has sent today; nothing is limited where it is not known.
    pub usages: Option<&'a Usages>,
    /// The chosen amount, if one was named.
    pub chosen: Option<Money>,
    /// The deployment's terms.
    pub policy: &'a Policy,
    /// When it is asked.
    pub now: Timestamp,
}

impl<'a> Question<'a> {
    /// About a creator as such, without a sender or an amount.
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
