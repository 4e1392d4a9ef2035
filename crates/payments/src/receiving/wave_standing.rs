//! Where a creator stands with each wave, for whoever asks why they may or may not receive.

use crate::ids::WaveName;
use crate::receiving::{
    receiver::Receiver,
    rollout::Rollout,
    wave::{Standing, Wave},
};
use crate::timestamp::Timestamp;
use serde::Serialize;

/// Whether a wave admits those that are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveState {
    /// It does.
    Open,
    /// Not before its time.
    NotStarted,
    /// Not until an operator resumes it.
    Halted,
    /// Not any more.
    RolledBack,
}

/// Where a creator stands with a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveStanding {
    /// The wave.
    pub name: WaveName,
    /// Whether it admits those that are in it.
    pub state: WaveState,
    /// How the creator stands with it.
    pub standing: Standing,
}

impl Wave {
    /// Whether it admits those that are in it. Halted counts before its time: it does not start by itself then.
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

/// Where a creator stands with each wave that concerns them, the oldest first; then with those that are rolled back and
/// still name them, of which only the denials count.
#[must_use]
pub fn standings(receiver: &Receiver, rollout: &Rollout, now: Timestamp) -> Vec<WaveStanding> {
    let told = |wave: &Wave| WaveStanding {
        name: wave.name.clone(),
        state: wave.state(now),
        standing: wave.standing(receiver),
    };
    let present = rollout.waves.iter().map(told).filter(|told| told.standing != Standing::Outside);
    let gone = |name: &&WaveName| rollout.wave(name).is_none();
    let past = receiver.waves.union(&receiver.denied_by).filter(gone).map(|name| WaveStanding {
        name: name.clone(),
        state: WaveState::RolledBack,
        standing: if receiver.denied_by.contains(name) { Standing::Denied } else { Standing::Listed },
    });
    present.chain(past).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CreatorId;
    use crate::money::Currency;
    use crate::receiving::{list_change::ListChange, percentage::Percentage};

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn name(text: &str) -> WaveName {
        WaveName::parse(text).expect("name")
    }

    fn ana(lists: &[(&str, ListChange)]) -> Receiver {
        let usd = Currency::parse("usd").expect("currency");
        let unknown = Receiver::unknown(CreatorId::parse("ana").expect("id"), usd);
        lists.iter().fold(unknown, |ana, (wave, change)| ana.listed(&name(wave), *change).expect("changed"))
    }

    #[test]
    fn each_wave_that_concerns_a_creator_is_told_with_its_state_and_how() {
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
        let told: Vec<_> = standings(&ana, &rollout, NOW)
            .into_iter()
            .map(|told| (told.name.to_string(), told.state, told.standing))
            .collect();
        let expected = [
            ("z-all", WaveState::Open, Standing::Percentage),
            ("later", WaveState::NotStarted, Standing::Listed),
            ("halted", WaveState::Halted, Standing::Denied),
            ("gone", WaveState::RolledBack, Standing::Listed),
            ("gone-too", WaveState::RolledBack, Standing::Denied),
        ];
        assert_eq!(told, expected.map(|(name, state, standing)| (name.to_owned(), state, standing)));
    }
}
