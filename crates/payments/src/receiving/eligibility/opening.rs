//! What an operator's word, the waves and the rollout's percentage open.

use crate::receiving::{Receiving, admission::Admission, eligibility::question::Question};

/// What opens receiving to a creator.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// This does.
    Through(Admission),
    /// Only waves that are not open at the moment.
    Waits { not_started: bool, halted: bool },
    /// Nothing.
    Nothing,
    /// An operator closed it: the rollout is not asked.
    Closed,
}

impl Opening {
    pub(super) fn of(question: &Question<'_>) -> Self {
        let Question { receiver, rollout, now, .. } = *question;
        match receiver.receiving {
            Receiving::Enabled => return Self::Through(Admission::Operator),
            Receiving::Disabled => return Self::Closed,
            Receiving::ByRollout => {}
        }
        let (mut not_started, mut halted) = (false, false);
        // The oldest wave first: a creator stays counted with the wave that they came in by.
        for wave in rollout.waves.iter().filter(|wave| wave.includes(receiver)) {
            if wave.halted {
                halted = true;
            } else if !wave.has_started(now) {
                not_started = true;
            } else {
                return Self::Through(Admission::Wave(wave.name.clone()));
            }
        }
        // The percentage last, though it opens as much: what is paid through a wave is counted with it, and halts it.
        if rollout.reaches(&receiver.creator) {
            return Self::Through(Admission::Percentage);
        }
        if not_started || halted { Self::Waits { not_started, halted } } else { Self::Nothing }
    }
}
