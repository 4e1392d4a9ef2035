//! Waves: steps of the rollout, each of which opens receiving to some creators.
//!
//! The rollout holds each wave's rule, so that every decision reads both at once; each receiver names the waves whose
//! lists it is on. Next: `wave_edit.rs` is an operator's edit of a wave, `counting` adds up a wave's results.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::percentage::place;
use crate::receiving::{Percentage, Receiver};
use crate::serde_default::is_default;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many waves can be open at once: every decision reads all their rules, in one item of about 4 KB.
pub const WAVES_MAX: usize = 20;

/// A wave's rule: to whom it opens receiving, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    pub name: WaveName,
    /// The percentage of all creators that it reaches in addition to those on its list.
    #[serde(skip_serializing_if = "is_default", default)]
    pub percentage: Percentage,
    /// `None` starts at once.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub starts_at: Option<Timestamp>,
    /// `None` never halts automatically.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub halt: Option<HaltRule>,
    /// Halted automatically, until an operator resumes it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub halted: bool,
    /// How often it was resumed. Payments allowed before the last resume do not halt it again.
    #[serde(skip_serializing_if = "is_default", default)]
    pub resumes: u32,
}

/// The rates above which a wave halts automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HaltRule {
    /// Disputed payments among settled payments, in parts per million.
    pub dispute_rate_ppm: u32,
    /// Failed charges among all charges, in parts per million.
    pub failure_rate_ppm: u32,
    /// The wave does not halt with fewer settled payments (dispute rate) or charges (failure rate).
    pub min_payments: u32,
}

impl Wave {
    /// A wave that reaches nobody yet.
    #[must_use]
    pub fn new(name: WaveName) -> Self {
        let percentage = Percentage::default();
        Self { name, percentage, starts_at: None, halt: None, halted: false, resumes: 0 }
    }

    /// Whether a creator is in the wave by its list or its percentage, even while the wave is not open.
    #[must_use]
    pub fn includes(&self, receiver: &Receiver) -> bool {
        receiver.waves.contains(&self.name) || self.reaches(&receiver.creator)
    }

    /// Whether the wave has started; a wave starts at its time, inclusive.
    #[must_use]
    pub fn has_started(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|starts_at| starts_at <= now)
    }

    /// Whether its percentage reaches a creator. Each creator has a fixed place in each wave's order, so a growing
    /// percentage only adds creators, and two waves draw independently.
    pub(crate) fn reaches(&self, creator: &CreatorId) -> bool {
        self.percentage.covers(place(&["wave.v1", self.name.as_str(), creator.as_str()]))
    }
}

impl fmt::Display for HaltRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dispute_rate_ppm, failure_rate_ppm, min_payments } = self;
        write!(f, "dispute_rate_ppm {dispute_rate_ppm}, failure_rate_ppm {failure_rate_ppm}, ")?;
        write!(f, "min_payments {min_payments}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wave(name: &str, percent: u8) -> Wave {
        let percentage = Percentage::new(percent).expect("percentage");
        Wave { percentage, ..Wave::new(WaveName::parse(name).expect("name")) }
    }

    fn receiver(n: usize) -> Receiver {
        let creator = CreatorId::parse(&format!("creator-{n}")).expect("id");
        Receiver::unknown(creator)
    }

    #[test]
    fn a_listed_creator_is_included_whatever_the_percentage() {
        let mut listed = receiver(1);
        assert!(!wave("a", 0).includes(&listed));
        listed.waves.insert(WaveName::parse("a").expect("name"));
        assert!(wave("a", 0).includes(&listed));
        assert!(!wave("b", 0).includes(&listed));
    }

    #[test]
    fn two_waves_draw_independently() {
        let both = |n: &usize| wave("a", 50).includes(&receiver(*n)) && wave("b", 50).includes(&receiver(*n));
        let count = (0..4_000).filter(both).count();
        assert!((850..1_150).contains(&count), "{count}");
    }

    #[test]
    fn a_wave_has_started_from_its_time_on() {
        let at = Timestamp::from_seconds;
        assert!(wave("a", 0).has_started(at(0)));
        let later = Wave { starts_at: Some(at(10)), ..wave("a", 0) };
        assert_eq!([9, 10, 11].map(|s| later.has_started(at(s))), [false, true, true]);
    }

    #[test]
    fn the_rules_of_all_waves_take_about_4_kb() {
        let longest = Wave {
            percentage: Percentage::new(100).expect("percentage"),
            starts_at: Some(Timestamp::from_seconds(4_000_000_000)),
            halt: Some(HaltRule {
                dispute_rate_ppm: 1_000_000,
                failure_rate_ppm: 1_000_000,
                min_payments: 1_000_000,
            }),
            halted: true,
            resumes: u32::MAX,
            ..wave(&"x".repeat(32), 0)
        };
        let bytes = serde_json::to_string(&vec![longest; WAVES_MAX]).expect("serializes").len();
        assert!(bytes <= 4_500, "{bytes}");
    }

    proptest! {
        #[test]
        fn a_growing_percentage_only_adds_creators(n in any::<usize>(), less in 0_u8..=100, more in 0_u8..=100) {
            prop_assume!(less <= more);
            prop_assert!(!wave("a", less).includes(&receiver(n)) || wave("a", more).includes(&receiver(n)));
        }
    }
}
