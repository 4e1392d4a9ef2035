//! An operator's edit of a wave, and the difference that it makes to the creators it names.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::{
    EligibilityInput, FieldChange, HaltRule, ListChange, Membership, Percentage, Policy, Receiver, Rollout,
    Wave, audit_entry::rule_changes, decide,
};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many creators one edit can name. An operator sends several edits for more.
pub const WAVE_CREATORS_MAX: usize = 1_000;
/// 100 % in parts per million.
const RATE_MAX_PPM: u32 = 1_000_000;

impl ListChange {
    /// Whether the change can only close receiving to a creator. Changes that close are written before those that open,
    /// so that an edit that stops midway admits nobody whom the whole edit would not.
    #[must_use]
    pub fn restricts(self, receiver: &Receiver, wave: &WaveName) -> bool {
        match self {
            Self::Deny => true,
            Self::Remove => !receiver.denied_by.contains(wave),
            Self::Add => false,
        }
    }
}

/// An operator's change to a wave's rule; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleChange {
    pub percentage: Option<Percentage>,
    /// A time in the past starts the wave at once.
    pub starts_at: Option<Timestamp>,
    pub halt: Option<HaltRule>,
}

/// An operator's edit of a wave: its rule and its lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaveEdit {
    pub rule: RuleChange,
    lists: BTreeMap<CreatorId, ListChange>,
}

/// Why an edit of a wave is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaveEditError {
    #[error("at most {WAVE_CREATORS_MAX} creators can be named at once")]
    TooManyCreators,
    #[error("a creator can be on one of add, remove and deny")]
    InTwoLists,
    #[error("a rate is at most {RATE_MAX_PPM} parts per million")]
    RateTooHigh,
}

impl WaveEdit {
    /// Checks an edit of a wave's rule and lists.
    ///
    /// # Errors
    /// [`WaveEditError`] when there are too many creators, one is in two lists, or a rate is above 100 %.
    pub fn new(
        rule: RuleChange,
        lists: impl IntoIterator<Item = (CreatorId, ListChange)>,
    ) -> Result<Self, WaveEditError> {
        let rates = rule.halt.map(|halt| halt.dispute_rate_ppm.max(halt.failure_rate_ppm));
        if rates.is_some_and(|rate| rate > RATE_MAX_PPM) {
            return Err(WaveEditError::RateTooHigh);
        }
        let mut by_creator = BTreeMap::new();
        for (index, (creator, change)) in lists.into_iter().enumerate() {
            if index == WAVE_CREATORS_MAX {
                return Err(WaveEditError::TooManyCreators);
            }
            if by_creator.insert(creator, change).is_some_and(|other| other != change) {
                return Err(WaveEditError::InTwoLists);
            }
        }
        Ok(Self { rule, lists: by_creator })
    }

    /// Every creator whom the edit names, in order.
    pub fn creators(&self) -> impl Iterator<Item = &CreatorId> {
        self.lists.keys()
    }

    /// The change to the lists for a creator; `None` when the edit does not name them.
    #[must_use]
    pub fn of(&self, creator: &CreatorId) -> Option<ListChange> {
        self.lists.get(creator).copied()
    }

    /// Whether the edit only takes creators off the lists. A wave that is rolled back accepts no other edit; this one
    /// lifts its denials.
    #[must_use]
    pub fn only_removes(&self) -> bool {
        self.rule == RuleChange::default() && self.lists.values().all(|change| *change == ListChange::Remove)
    }
}

impl Wave {
    /// The wave's rule after a change.
    #[must_use]
    pub fn changed(&self, change: RuleChange) -> Self {
        Self {
            percentage: change.percentage.unwrap_or(self.percentage),
            starts_at: change.starts_at.or(self.starts_at),
            halt: change.halt.or(self.halt),
            ..self.clone()
        }
    }
}

/// The effect of an edit on a creator's membership in the wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipEffect {
    Enters,
    Leaves,
    Denied,
    /// No longer denied, and not in the wave.
    Undenied,
    /// Stays in the wave, by its percentage instead of its list or the reverse.
    Stays,
    Unchanged,
}

impl MembershipEffect {
    fn between(before: Membership, after: Membership) -> Self {
        if before == after {
            return Self::Unchanged;
        }
        match (before, after) {
            (_, Membership::Denied) => Self::Denied,
            (Membership::Denied, Membership::Outside) => Self::Undenied,
            (Membership::Listed | Membership::Percentage, Membership::Listed | Membership::Percentage) => {
                Self::Stays
            }
            (_, Membership::Listed | Membership::Percentage) => Self::Enters,
            (_, Membership::Outside) => Self::Leaves,
        }
    }
}

/// The difference that an edit makes to a creator it names, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatorDifference {
    pub creator_id: CreatorId,
    pub effect: MembershipEffect,
    pub from: Membership,
    pub to: Membership,
    /// Whether the creator may receive now, by every rule.
    pub can_receive_before: bool,
    /// Whether the creator may receive once the edit is saved.
    pub can_receive_after: bool,
}

/// The difference that an edit makes to a wave. It is exact for the rule and for the creators that the edit names. For
/// all others it gives the percentage that is reached, since there is no list of all creators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveDifference {
    pub rule: Vec<FieldChange>,
    pub percentage: PercentageDifference,
    pub creators: Vec<CreatorDifference>,
    /// How many creators each effect has.
    pub counts: BTreeMap<MembershipEffect, usize>,
}

/// A wave's percentage before and after. When it grows, every creator whom it reached stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PercentageDifference {
    pub from: Percentage,
    pub to: Percentage,
}

impl WaveDifference {
    /// Compares two rollouts, either of which may lack the wave, and the receivers before and after the edit.
    #[must_use]
    pub fn between(
        wave: &WaveName,
        (before, after): (&Rollout, &Rollout),
        receivers: &[(Receiver, Receiver)],
        policy: &Policy,
        now: Timestamp,
    ) -> Self {
        // A wave that does not exist reaches nobody.
        let no_wave = Wave::new(wave.clone());
        let [old, new] = [before, after].map(|rollout| rollout.wave(wave).unwrap_or(&no_wave));
        let may_receive =
            |receiver, rollout| decide(&EligibilityInput::of(receiver, rollout, policy, now)).allows();
        let mut counts = BTreeMap::new();
        let creators = receivers.iter().map(|(receiver_before, receiver_after)| {
            let (from, to) = (old.membership(receiver_before), new.membership(receiver_after));
            let effect = MembershipEffect::between(from, to);
            *counts.entry(effect).or_default() += 1;
            CreatorDifference {
                creator_id: receiver_before.creator.clone(),
                effect,
                from,
                to,
                can_receive_before: may_receive(receiver_before, before),
                can_receive_after: may_receive(receiver_after, after),
            }
        });
        Self {
            rule: rule_changes(before.wave(wave), after.wave(wave)),
            percentage: PercentageDifference { from: old.percentage, to: new.percentage },
            creators: creators.collect(),
            counts,
        }
    }
}

#[cfg(test)]
mod tests;
