//! The difference that an edit of a wave makes, before it is saved.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::audit_entry::rule_changes;
use crate::receiving::{
    EligibilityInput, FieldChange, Membership, Percentage, Policy, Receiver, Rollout, Wave, decide,
};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// The effect of an edit on a creator's membership in the wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipEffect {
    Enters,
    Leaves,
    Denied,
    /// No longer denied, and not in the wave.
    Undenied,
    /// Stays in the wave, by its percentage instead of its list or the reverse.
    Stays,
    Unchanged,
}

impl MembershipEffect {
    fn between(before: Membership, after: Membership) -> Self {
        if before == after {
            return Self::Unchanged;
        }
        match (before, after) {
            (_, Membership::Denied) => Self::Denied,
            (Membership::Denied, Membership::Outside) => Self::Undenied,
            (Membership::Listed | Membership::Percentage, Membership::Listed | Membership::Percentage) => {
                Self::Stays
            }
            (_, Membership::Listed | Membership::Percentage) => Self::Enters,
            (_, Membership::Outside) => Self::Leaves,
        }
    }
}

/// The difference that an edit makes to a creator it names, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatorDifference {
    pub creator_id: CreatorId,
    pub effect: MembershipEffect,
    pub from: Membership,
    pub to: Membership,
    /// Whether the creator may receive now, by every rule.
    pub can_receive_before: bool,
    /// Whether the creator may receive once the edit is saved.
    pub can_receive_after: bool,
}

/// The difference that an edit makes to a wave. It is exact for the rule and for the creators that the edit names. For
/// all others it gives the percentage that is reached, since there is no list of all creators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveDifference {
    pub rule: Vec<FieldChange>,
    pub percentage: PercentageDifference,
    pub creators: Vec<CreatorDifference>,
    /// How many creators each effect has.
    pub counts: BTreeMap<MembershipEffect, usize>,
}

/// A wave's percentage before and after. When it grows, every creator whom it reached stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PercentageDifference {
    pub from: Percentage,
    pub to: Percentage,
}

impl WaveDifference {
    /// Compares two rollouts, either of which may lack the wave, and the receivers before and after the edit.
    #[must_use]
    pub fn between(
        wave: &WaveName,
        (before, after): (&Rollout, &Rollout),
        receivers: &[(Receiver, Receiver)],
        policy: &Policy,
        now: Timestamp,
    ) -> Self {
        // A wave that does not exist reaches nobody.
        let no_wave = Wave::new(wave.clone());
        let [old, new] = [before, after].map(|rollout| rollout.wave(wave).unwrap_or(&no_wave));
        let may_receive =
            |receiver, rollout| decide(&EligibilityInput::of(receiver, rollout, policy, now)).allows();
        let mut counts = BTreeMap::new();
        let creators = receivers.iter().map(|(receiver_before, receiver_after)| {
            let (from, to) = (old.membership(receiver_before), new.membership(receiver_after));
            let effect = MembershipEffect::between(from, to);
            *counts.entry(effect).or_default() += 1;
            CreatorDifference {
                creator_id: receiver_before.creator.clone(),
                effect,
                from,
                to,
                can_receive_before: may_receive(receiver_before, before),
                can_receive_after: may_receive(receiver_after, after),
            }
        });
        Self {
            rule: rule_changes(before.wave(wave), after.wave(wave)),
            percentage: PercentageDifference { from: old.percentage, to: new.percentage },
            creators: creators.collect(),
            counts,
        }
    }
}
