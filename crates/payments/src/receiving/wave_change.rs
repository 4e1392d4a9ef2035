//! What an operator changes about a wave, and what that comes to, for whom.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::{
    audit::{FieldChange, rule_changes},
    eligibility::{Question, decide},
    list_change::ListChange,
    percentage::Percentage,
    policy::Policy,
    receiver::Receiver,
    rollout::Rollout,
    wave::{HaltRule, Standing, Wave},
};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many creators one request can name; there can be as many requests as needed.
pub const WAVE_CREATORS_MAX: usize = 1_000;
/// The greatest rate, in parts per million.
const RATE_MAX_PPM: u32 = 1_000_000;

impl ListChange {
    /// Whether it can only close receiving to a creator. What restricts is written first, and what opens last, so that
    /// a change that ends in between admits nobody whom the whole of it would not.
    #[must_use]
    pub fn restricts(self, receiver: &Receiver, wave: &WaveName) -> bool {
        match self {
            Self::Deny => true,
            Self::Remove => !receiver.denied_by.contains(wave),
            Self::Add => false,
        }
    }
}

/// What is changed about a wave's rule; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleChange {
    /// The new percentage.
    pub percentage: Option<Percentage>,
    /// The new start; one that is past is at once.
    pub starts_at: Option<Timestamp>,
    /// The new rates to halt at.
    pub halt: Option<HaltRule>,
}

/// What an operator wants changed about a wave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaveEdit {
    /// Its rule.
    pub rule: RuleChange,
    /// Its lists, by creator: each is named once.
    lists: BTreeMap<CreatorId, ListChange>,
}

/// What is asked for is no change of a wave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaveEditError {
    /// Too many creators at once.
    #[error("at most {WAVE_CREATORS_MAX} creators can be named at once")]
    TooMany,
    /// A creator is on two of the lists.
    #[error("a creator can be on one of add, remove and deny")]
    InTwoLists,
    /// A rate is more than all.
    #[error("a rate is at most {RATE_MAX_PPM} parts per million")]
    NoRate,
}

impl WaveEdit {
    /// A change of a wave's rule and lists.
    ///
    /// # Errors
    /// [`WaveEditError`] when too many creators are named, one is in two lists, or a rate is none.
    pub fn new(
        rule: RuleChange,
        lists: impl IntoIterator<Item = (CreatorId, ListChange)>,
    ) -> Result<Self, WaveEditError> {
        let rates = rule.halt.map(|halt| halt.dispute_rate_ppm.max(halt.failure_rate_ppm));
        if rates.is_some_and(|rate| rate > RATE_MAX_PPM) {
            return Err(WaveEditError::NoRate);
        }
        let mut by_creator = BTreeMap::new();
        for (named, (creator, change)) in lists.into_iter().enumerate() {
            if named == WAVE_CREATORS_MAX {
                return Err(WaveEditError::TooMany);
            }
            if by_creator.insert(creator, change).is_some_and(|other| other != change) {
                return Err(WaveEditError::InTwoLists);
            }
        }
        Ok(Self { rule, lists: by_creator })
    }

    /// Every creator that is named, in order.
    pub fn creators(&self) -> impl Iterator<Item = &CreatorId> {
        self.lists.keys()
    }

    /// What happens to a creator, if they are named.
    #[must_use]
    pub fn of(&self, creator: &CreatorId) -> Option<ListChange> {
        self.lists.get(creator).copied()
    }

    /// Whether all it does is take creators off the lists: the one change that a wave takes once it is rolled back, so
    /// that its denials can be lifted.
    #[must_use]
    pub fn only_removes(&self) -> bool {
        self.rule == RuleChange::default() && self.lists.values().all(|change| *change == ListChange::Remove)
    }
}

impl Wave {
    /// Its rule after a change.
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

/// What a change comes to for a creator that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Comes into the wave.
    Enters,
    /// Is in the wave no more.
    Leaves,
    /// Is denied from now on.
    Denied,
    /// Is denied no more, and not in the wave.
    Undenied,
    /// Was in the wave by its list or its percentage, and is by the other now.
    Stays,
    /// Stands with the wave as before.
    Unchanged,
}

impl Effect {
    fn between(before: Standing, after: Standing) -> Self {
        if before == after {
            return Self::Unchanged;
        }
        match (before, after) {
            (_, Standing::Denied) => Self::Denied,
            (Standing::Denied, Standing::Outside) => Self::Undenied,
            (Standing::Listed | Standing::Percentage, Standing::Listed | Standing::Percentage) => Self::Stays,
            (_, Standing::Listed | Standing::Percentage) => Self::Enters,
            (_, Standing::Outside) => Self::Leaves,
        }
    }
}

/// The difference that a change makes to a creator that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatorDifference {
    /// Who.
    pub creator_id: CreatorId,
    /// What it comes to.
    pub effect: Effect,
    /// Where they stand now.
    pub from: Standing,
    /// Where they would stand.
    pub to: Standing,
    /// Whether they may receive now, all rules asked.
    pub can_receive_before: bool,
    /// Whether they might then, if it were done at this moment.
    pub can_receive_after: bool,
}

/// The difference that a change makes to a wave. It is exact about its rule and about the creators that are named; of
/// everybody else it tells the share that the percentage reaches, since nobody keeps a list of all creators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveDifference {
    /// Each field of the rule that changes.
    pub rule: Vec<FieldChange>,
    /// The share of all creators that the wave's percentage reaches, now and then. When it grows, all whom it reached
    /// stay.
    pub reach: (Percentage, Percentage),
    /// Each creator that is named, in order.
    pub creators: Vec<CreatorDifference>,
}

impl WaveDifference {
    /// Between two rollouts, about a wave that either of them may not have, and the receivers that are named.
    #[must_use]
    pub fn between(
        wave: &WaveName,
        (before, after): (&Rollout, &Rollout),
        receivers: &[(Receiver, Receiver)],
        policy: &Policy,
        now: Timestamp,
    ) -> Self {
        // A wave that is not there reaches nobody.
        let nobody = Wave::new(wave.clone());
        let [old, new] = [before, after].map(|rollout| rollout.wave(wave).unwrap_or(&nobody));
        let may = |receiver, rollout| decide(&Question::of(receiver, rollout, policy, now)).allows();
        let creators = receivers.iter().map(|(was, is)| {
            let (from, to) = (old.standing(was), new.standing(is));
            CreatorDifference {
                creator_id: was.creator.clone(),
                effect: Effect::between(from, to),
                from,
                to,
                can_receive_before: may(was, before),
                can_receive_after: may(is, after),
            }
        });
        Self {
            rule: rule_changes(before.wave(wave), after.wave(wave)),
            reach: (old.percentage, new.percentage),
            creators: creators.collect(),
        }
    }

    /// How many creators it has each effect on.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Effect, usize> {
        let mut counts = BTreeMap::new();
        for creator in &self.creators {
            *counts.entry(creator.effect).or_default() += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests;
