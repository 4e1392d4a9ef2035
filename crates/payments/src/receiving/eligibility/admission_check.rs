//! Checks whether an operator's setting, a wave or the rollout's percentage opens receiving to a creator.

use crate::receiving::{Admission, Receiving, eligibility::input::EligibilityInput};

/// What opens receiving to a creator, or why nothing does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AdmissionCheck {
    Admitted(Admission),
    /// The creator is in waves, and none of them is open now.
    WavesClosed {
        not_started: bool,
        halted: bool,
    },
    /// Neither a wave nor the percentage reaches the creator.
    NotReached,
    /// An operator turned receiving off, whatever the rollout says.
    Disabled,
}

impl AdmissionCheck {
    pub(super) fn of(input: &EligibilityInput<'_>) -> Self {
        let EligibilityInput { receiver, rollout, now, .. } = *input;
        match receiver.receiving {
            Receiving::Enabled => return Self::Admitted(Admission::Operator),
            Receiving::Disabled => return Self::Disabled,
            Receiving::ByRollout => {}
        }
        let (mut not_started, mut halted) = (false, false);
        // The oldest open wave admits, so that a creator's payments keep counting with one wave.
        for wave in rollout.waves.iter().filter(|wave| wave.includes(receiver)) {
            if wave.halted {
                halted = true;
            } else if !wave.has_started(now) {
                not_started = true;
            } else {
                return Self::Admitted(Admission::Wave(wave.name.clone()));
            }
        }
        // A wave comes before the percentage: a payment that a wave admits counts with the wave and can halt it.
        if rollout.reaches(&receiver.creator) {
            return Self::Admitted(Admission::Percentage);
        }
        if not_started || halted { Self::WavesClosed { not_started, halted } } else { Self::NotReached }
    }
}
