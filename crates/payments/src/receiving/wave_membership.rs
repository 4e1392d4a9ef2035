//! Every wave that concerns a creator, for an operator who looks up why the creator may or may not receive.

use crate::ids::WaveName;
use crate::receiving::{Receiver, Rollout, Wave};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether and how a creator belongs to one wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    Denied,
    /// On the wave's list.
    Listed,
    /// Reached by the wave's percentage.
    Percentage,
    Outside,
}

/// Whether a wave admits the creators in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveState {
    Open,
    NotStarted,
    Halted,
    RolledBack,
}

/// One wave that concerns a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveMembership {
    pub name: WaveName,
    pub state: WaveState,
    #[serde(rename = "standing")]
    pub membership: Membership,
}

impl Wave {
    /// Whether and how a creator belongs to the wave; a denial comes first.
    #[must_use]
    pub fn membership(&self, receiver: &Receiver) -> Membership {
        if receiver.denied_by.contains(&self.name) {
            Membership::Denied
        } else if receiver.waves.contains(&self.name) {
            Membership::Listed
        } else if self.reaches(&receiver.creator) {
            Membership::Percentage
        } else {
            Membership::Outside
        }
    }

    /// Whether the wave admits the creators in it. A halted wave does not start, so `Halted` comes before `NotStarted`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> WaveState {
        if self.halted {
            WaveState::Halted
        } else if self.has_started(now) {
            WaveState::Open
        } else {
            WaveState::NotStarted
        }
    }
}

/// Each wave that concerns a creator, the oldest first; then the waves that are rolled back and still list the creator,
/// of which only denials have an effect.
#[must_use]
pub fn wave_memberships(receiver: &Receiver, rollout: &Rollout, now: Timestamp) -> Vec<WaveMembership> {
    let membership = |wave: &Wave| WaveMembership {
        name: wave.name.clone(),
        state: wave.state(now),
        membership: wave.membership(receiver),
    };
    let current = rollout.waves.iter().map(membership).filter(|wave| wave.membership != Membership::Outside);
    let is_rolled_back = |name: &&WaveName| rollout.wave(name).is_none();
    let named = receiver.waves.union(&receiver.denied_by);
    let past = named.filter(is_rolled_back).map(|name| WaveMembership {
        name: name.clone(),
        state: WaveState::RolledBack,
        membership: if receiver.denied_by.contains(name) { Membership::Denied } else { Membership::Listed },
    });
    current.chain(past).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CreatorId;
    use crate::receiving::{ListChange, Percentage};

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn name(text: &str) -> WaveName {
        WaveName::parse(text).expect("name")
    }

    fn ana(lists: &[(&str, ListChange)]) -> Receiver {
        let unknown = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        lists
            .iter()
            .fold(unknown, |ana, (wave, change)| ana.with_list_change(&name(wave), *change).expect("changed"))
    }

    #[test]
    fn each_wave_that_concerns_a_creator_is_listed_with_its_state_and_the_membership() {
        let everybody = Percentage::new(100).expect("percentage");
        let rules = [
            Wave { percentage: everybody, ..Wave::new(name("z-all")) },
            Wave::new(name("others")),
            Wave { starts_at: Some(NOW.plus_seconds(1)), ..Wave::new(name("later")) },
            Wave { halted: true, ..Wave::new(name("halted")) },
        ];
        let rollout = rules.into_iter().fold(Rollout::default(), |rollout, rule| rollout.with_wave(rule));
        let ana = ana(&[
            ("later", ListChange::Add),
            ("halted", ListChange::Deny),
            ("gone", ListChange::Add),
            ("gone-too", ListChange::Deny),
        ]);
        let memberships: Vec<_> = wave_memberships(&ana, &rollout, NOW)
            .into_iter()
            .map(|wave| (wave.name.to_string(), wave.state, wave.membership))
            .collect();
        let expected = [
            ("z-all", WaveState::Open, Membership::Percentage),
            ("later", WaveState::NotStarted, Membership::Listed),
            ("halted", WaveState::Halted, Membership::Denied),
            ("gone", WaveState::RolledBack, Membership::Listed),
            ("gone-too", WaveState::RolledBack, Membership::Denied),
        ];
        assert_eq!(memberships, expected.map(|(name, state, how)| (name.to_owned(), state, how)));
    }
}
