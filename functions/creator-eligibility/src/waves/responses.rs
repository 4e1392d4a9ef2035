//! Responses that show a wave, and the difference that an edit makes.

use payments::{
    CreatorDifference, FieldChange, HaltRule, MembershipEffect, Percentage, Rollout, Timestamp, UserId,
    WaveDetails, WaveDifference, WaveName, WaveState,
};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(crate) struct WaveView<'a> {
    name: &'a WaveName,
    state: WaveState,
    percentage: Percentage,
    starts_at: Option<Timestamp>,
    halt: Option<HaltRule>,
    created_at: Option<Timestamp>,
    created_by: Option<&'a UserId>,
    rolled_back_at: Option<Timestamp>,
    rolled_back_by: Option<&'a UserId>,
}

impl<'a> WaveView<'a> {
    /// Shows a wave by its rule, or by its last rule if it is rolled back; `None` if there is no such wave.
    pub(crate) fn of(
        name: &'a WaveName,
        rollout: &'a Rollout,
        details: Option<&'a WaveDetails>,
        now: Timestamp,
    ) -> Option<Self> {
        let rolled_back = details.and_then(|details| details.rolled_back.as_ref());
        let rule = rollout.wave(name).or(rolled_back.map(|ended| &ended.rule))?;
        Some(Self {
            name,
            state: rolled_back.map_or_else(|| rule.state(now), |_| WaveState::RolledBack),
            percentage: rule.percentage,
            starts_at: rule.starts_at,
            halt: rule.halt,
            created_at: details.map(|details| details.created_at),
            created_by: details.map(|details| &details.created_by),
            rolled_back_at: rolled_back.map(|ended| ended.at),
            rolled_back_by: rolled_back.map(|ended| &ended.by),
        })
    }
}

/// What an edit changes: exact about the rule and about the creators that the edit names.
#[derive(Serialize)]
pub(crate) struct DifferenceView<'a> {
    rule: &'a [FieldChange],
    percentage: FromTo,
    creators: &'a [CreatorDifference],
    counts: BTreeMap<MembershipEffect, usize>,
}

/// The percentage of all creators before and after. They are not named, because no list of all creators exists.
#[derive(Serialize)]
struct FromTo {
    from: Percentage,
    to: Percentage,
}

impl<'a> From<&'a WaveDifference> for DifferenceView<'a> {
    fn from(difference: &'a WaveDifference) -> Self {
        let (from, to) = difference.reach;
        Self {
            rule: &difference.rule,
            percentage: FromTo { from, to },
            creators: &difference.creators,
            counts: difference.counts(),
        }
    }
}
