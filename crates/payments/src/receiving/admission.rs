//! What opens receiving to a creator, and the record of it that a payment keeps.

use crate::ids::WaveName;
use crate::receiving::{EligibilityInput, Receiving};
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};

/// What opens receiving to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    Operator,
    Percentage,
    Wave(WaveName),
}

/// The decision that allowed a payment, stored with the payment: the versions are of the items that it read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    pub by: Admission,
    pub rollout_version: u64,
    pub receiver_version: u64,
    /// How often the admitting wave had been resumed; 0 without a wave.
    #[serde(skip_serializing_if = "is_default", default)]
    pub wave_resumes: u32,
}

/// What opens receiving to a creator, or why nothing does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AdmissionCheck {
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
    pub(crate) fn of(input: &EligibilityInput<'_>) -> Self {
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
