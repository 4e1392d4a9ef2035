//! An operator's edit of a wave, and what it may contain.

use crate::ids::CreatorId;
use crate::receiving::{HaltRule, ListChange, Percentage, Wave};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

/// How many creators one edit can name. An operator sends several edits for more.
pub const WAVE_CREATORS_MAX: usize = 1_000;
/// 100 % in parts per million.
const RATE_MAX_PPM: u32 = 1_000_000;

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

#[cfg(test)]
mod tests;
