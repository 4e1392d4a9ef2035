//! How far receiving is open, and the kill switch.

use crate::wave::{PLACES, place};
use crate::{CreatorId, Timestamp, Wave, WaveName};
use serde::{Deserialize, Serialize};

/// A whole percentage of creators, 0–100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percentage(u8);

/// A number is not a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a percentage is a whole number from 0 to 100")]
pub struct PercentageError;

/// The state of the rollout. One that was never written is the default: closed, not paused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// Which share of creators may receive without an operator's word.
    pub percentage: Percentage,
    /// The kill switch: nobody may receive.
    pub paused: bool,
    /// The waves that are not rolled back, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub waves: Vec<Wave>,
    /// Intents that are open and were created by then are canceled.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancel_open_until: Option<Timestamp>,
    /// Counts the changes; 0 before the first.
    pub version: u64,
}

/// What an operator wants changed; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RolloutChange {
    /// The new percentage.
    pub percentage: Option<Percentage>,
    /// The new position of the kill switch.
    pub paused: Option<bool>,
    /// Cancel the intents that are open now.
    pub cancel_open_at: Option<Timestamp>,
}

impl Percentage {
    /// # Errors
    /// [`PercentageError`] above 100.
    pub fn new(percent: u8) -> Result<Self, PercentageError> {
        if percent <= 100 { Ok(Self(percent)) } else { Err(PercentageError) }
    }

    /// Whether a place in 0..1,000,000 is within the percentage.
    pub(crate) fn covers(self, place: u64) -> bool {
        place < u64::from(self.0) * (PLACES / 100)
    }

    /// The number, 0–100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percentage {
    type Error = PercentageError;
    fn try_from(percent: u8) -> Result<Self, PercentageError> {
        Self::new(percent)
    }
}

impl From<Percentage> for u8 {
    fn from(percentage: Percentage) -> u8 {
        percentage.0
    }
}

impl Rollout {
    /// The rollout after an operator's change.
    #[must_use]
    pub fn changed(&self, change: RolloutChange) -> Self {
        Self {
            percentage: change.percentage.unwrap_or(self.percentage),
            paused: change.paused.unwrap_or(self.paused),
            waves: self.waves.clone(),
            cancel_open_until: self.cancel_open_until.max(change.cancel_open_at),
            version: self.version + 1,
        }
    }

    /// Whether the percentage has reached a creator. Each creator has a fixed place in the order, so a
    /// growing percentage only ever adds creators.
    #[must_use]
    pub fn reaches(&self, creator: &CreatorId) -> bool {
        self.percentage.covers(place(&["rollout.v1", creator.as_str()]))
    }

    /// A wave's rule.
    #[must_use]
    pub fn wave(&self, name: &WaveName) -> Option<&Wave> {
        self.waves.iter().find(|wave| wave.name == *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(percent: u8) -> Rollout {
        Rollout { percentage: Percentage::new(percent).expect("percentage"), ..Rollout::default() }
    }

    fn creator(n: usize) -> CreatorId {
        CreatorId::parse(&format!("creator-{n}")).expect("id")
    }

    #[test]
    fn nobody_is_reached_at_0_and_everybody_at_100() {
        for n in 0..1_000 {
            assert!(!at(0).reaches(&creator(n)));
            assert!(at(100).reaches(&creator(n)));
        }
    }

    #[test]
    fn about_the_named_share_is_reached() {
        let reached = (0..10_000).filter(|n| at(10).reaches(&creator(*n))).count();
        assert!((900..1_100).contains(&reached), "{reached}");
    }

    #[test]
    fn percentages_end_at_100() {
        assert!(Percentage::new(100).is_ok());
        assert_eq!(Percentage::new(101), Err(PercentageError));
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let open = at(10).changed(RolloutChange { paused: Some(true), ..RolloutChange::default() });
        assert_eq!((open.percentage.get(), open.paused, open.version), (10, true, 1));
        let wider =
            open.changed(RolloutChange { percentage: Percentage::new(20).ok(), ..RolloutChange::default() });
        assert_eq!((wider.percentage.get(), wider.paused, wider.version), (20, true, 2));
    }

    proptest! {
        #[test]
        fn a_growing_percentage_only_adds_creators(n in any::<usize>(), less in 0_u8..=100, more in 0_u8..=100) {
            prop_assume!(less <= more);
            prop_assert!(!at(less).reaches(&creator(n)) || at(more).reaches(&creator(n)));
        }
    }
}
