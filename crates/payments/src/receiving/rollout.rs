//! The rollout: how far receiving is open to everyone, its waves, and the kill switch.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::{Percentage, Wave, percentage::place};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of the rollout. Before it is stored, the default holds: closed, not paused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The percentage of creators who may receive without a wave or an operator's setting.
    pub percentage: Percentage,
    /// The kill switch is on: nobody may receive.
    pub paused: bool,
    /// The waves that are not rolled back, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub waves: Vec<Wave>,
    /// Open intents created at this time or before are canceled.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancel_open_until: Option<Timestamp>,
    /// Open intents that an earlier version of the rollout allowed are canceled; the version does not depend on the
    /// clocks of different machines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancel_open_before: Option<u64>,
    /// Counts the changes; 0 before the first.
    pub version: u64,
}

/// An operator's change to the rollout; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RolloutChange {
    pub percentage: Option<Percentage>,
    pub paused: Option<bool>,
    /// Now, when the change cancels open intents.
    pub cancel_open_at: Option<Timestamp>,
}

impl Rollout {
    /// The rollout after an operator's change.
    #[must_use]
    pub fn changed(&self, change: RolloutChange) -> Self {
        let version = self.version + 1;
        Self {
            percentage: change.percentage.unwrap_or(self.percentage),
            paused: change.paused.unwrap_or(self.paused),
            waves: self.waves.clone(),
            cancel_open_until: self.cancel_open_until.max(change.cancel_open_at),
            cancel_open_before: self.cancel_open_before.max(change.cancel_open_at.map(|_| version)),
            version,
        }
    }

    /// The rollout with a wave's rule: a changed wave keeps its place, a new one comes last.
    #[must_use]
    pub fn with_wave(&self, rule: Wave) -> Self {
        let mut waves = self.waves.clone();
        match waves.iter_mut().find(|wave| wave.name == rule.name) {
            Some(wave) => *wave = rule,
            None => waves.push(rule),
        }
        Self { waves, version: self.version + 1, ..self.clone() }
    }

    /// The rollout without a wave, which admits nobody any more.
    #[must_use]
    pub fn without_wave(&self, name: &WaveName) -> Self {
        let waves = self.waves.iter().filter(|wave| wave.name != *name).cloned().collect();
        Self { waves, version: self.version + 1, ..self.clone() }
    }

    /// Whether `after`, which follows this rollout, has a wave less.
    #[must_use]
    pub fn loses_wave(&self, after: &Self) -> bool {
        self.waves.iter().any(|wave| after.wave(&wave.name).is_none())
    }

    /// The rollout with a wave halted; `None` when the wave does not exist or is halted already.
    #[must_use]
    pub fn with_wave_halted(&self, name: &WaveName) -> Option<Self> {
        let wave = self.wave(name).filter(|wave| !wave.halted)?;
        Some(self.with_wave(Wave { halted: true, ..wave.clone() }))
    }

    /// The rollout with a halted wave resumed; `None` when the wave does not exist or is not halted.
    #[must_use]
    pub fn with_wave_resumed(&self, name: &WaveName) -> Option<Self> {
        let wave = self.wave(name).filter(|wave| wave.halted)?;
        let resumes = wave.resumes.saturating_add(1);
        Some(self.with_wave(Wave { halted: false, resumes, ..wave.clone() }))
    }

    /// Whether the percentage reaches a creator. Each creator has a fixed place in the order, so a growing percentage
    /// only adds creators.
    #[must_use]
    pub fn reaches(&self, creator: &CreatorId) -> bool {
        self.percentage.covers(place(&["rollout.v1", creator.as_str()]))
    }

    /// The rule of a wave; `None` when the wave does not exist or is rolled back.
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
    fn about_as_many_creators_are_reached_as_the_percentage_says() {
        let reached = (0..10_000).filter(|n| at(10).reaches(&creator(*n))).count();
        assert!((900..1_100).contains(&reached), "{reached}");
    }

    #[test]
    fn a_wave_that_is_added_or_taken_away_is_a_version_of_its_own() {
        let name = WaveName::parse("teachers").expect("name");
        let with = at(10).with_wave(Wave::new(name.clone()));
        let without = with.without_wave(&name);
        assert_eq!((with.version, without.version), (1, 2));
        assert!(with.wave(&name).is_some() && without.wave(&name).is_none());
        assert_eq!(with.without_wave(&WaveName::parse("drummers").expect("name")).waves, with.waves);
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let open = at(10).changed(RolloutChange { paused: Some(true), ..RolloutChange::default() });
        assert_eq!((open.percentage.get(), open.paused, open.version), (10, true, 1));
        let wider =
            open.changed(RolloutChange { percentage: Percentage::new(20).ok(), ..RolloutChange::default() });
        assert_eq!((wider.percentage.get(), wider.paused, wider.version), (20, true, 2));
    }

    fn name(text: &str) -> WaveName {
        WaveName::parse(text).expect("name")
    }

    #[test]
    fn a_new_wave_comes_last_and_a_changed_one_keeps_its_place() {
        let two = at(10).with_wave(Wave::new(name("a"))).with_wave(Wave::new(name("b")));
        let wider = Wave { percentage: Percentage::new(5).expect("percentage"), ..Wave::new(name("a")) };
        let changed = two.with_wave(wider.clone());
        assert_eq!(changed.waves, [wider, Wave::new(name("b"))]);
        assert_eq!((two.version, changed.version, changed.percentage.get()), (2, 3, 10));
    }

    #[test]
    fn only_a_rollout_without_one_of_its_waves_has_lost_one() {
        let with = |names: &[&str]| {
            names.iter().fold(Rollout::default(), |rollout, text| rollout.with_wave(Wave::new(name(text))))
        };
        assert!(!with(&[]).loses_wave(&with(&["a"])));
        assert!(!with(&["a"]).loses_wave(&with(&["a", "b"])));
        assert!(with(&["a", "b"]).loses_wave(&with(&["b", "c"])));
    }

    #[test]
    fn rolling_a_wave_back_restores_the_rollout_from_before_it() {
        let before = at(10).with_wave(Wave::new(name("a")));
        let after = before.with_wave(Wave::new(name("b"))).without_wave(&name("b"));
        assert_eq!(Rollout { version: before.version, ..after }, before);
    }

    #[test]
    fn only_a_halted_wave_resumes_and_only_one_that_is_not_halted_halts() {
        let open = at(0).with_wave(Wave::new(name("a")));
        let halted = open.with_wave_halted(&name("a")).expect("halts");
        assert!(halted.wave(&name("a")).is_some_and(|wave| wave.halted));
        assert_eq!(halted.with_wave_halted(&name("a")), None);
        let resumed = halted.with_wave_resumed(&name("a")).expect("resumes");
        let once = Wave { resumes: 1, ..Wave::new(name("a")) };
        assert_eq!((resumed.waves.as_slice(), resumed.version), ([once].as_slice(), 3));
        assert_eq!((open.with_wave_resumed(&name("a")), open.with_wave_halted(&name("b"))), (None, None));
    }

    #[test]
    fn canceling_open_intents_sets_a_time_and_a_version_and_later_changes_keep_both() {
        let cancel =
            RolloutChange { cancel_open_at: Some(Timestamp::from_seconds(7)), ..RolloutChange::default() };
        let canceling =
            at(0).changed(cancel).changed(RolloutChange::default()).with_wave(Wave::new(name("a")));
        assert_eq!(canceling.cancel_open_until, Some(Timestamp::from_seconds(7)));
        assert_eq!((canceling.cancel_open_before, canceling.version), (Some(1), 3));
        assert_eq!(canceling.changed(cancel).cancel_open_before, Some(4));
    }

    proptest! {
        #[test]
        fn a_growing_percentage_only_adds_creators(n in any::<usize>(), less in 0_u8..=100, more in 0_u8..=100) {
            prop_assume!(less <= more);
            prop_assert!(!at(less).reaches(&creator(n)) || at(more).reaches(&creator(n)));
        }
    }
}
