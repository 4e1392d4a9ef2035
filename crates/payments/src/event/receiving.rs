//! What a change to who may receive is to others, and tampering with its record.

use crate::event::{Event, EventPayload};
use crate::ids::{CreatorId, WaveName};
use crate::money::Currency;
use crate::receiving::{HaltRule, Percentage, Policy, Receiver, Receiving, Rollout, Wave};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// What decides whether a creator may receive is another. Whether they may, from whom, is asked of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivingChanged {
    /// Whose.
    pub creator_id: CreatorId,
    /// What an operator decided.
    pub receiving: Receiving,
    /// Whether there is a connected account.
    pub has_account: bool,
    /// Whether money can be sent to the account, on the deployment's terms.
    pub may_be_paid: bool,
    /// Whether Stripe pays the account's balance out.
    pub payouts_enabled: bool,
    /// The account's country.
    pub country: Option<String>,
    /// The currency that the creator receives in.
    pub currency: Currency,
    /// The waves on whose list the creator is.
    pub waves: BTreeSet<WaveName>,
    /// The waves that deny receiving to the creator.
    pub denied_by: BTreeSet<WaveName>,
    /// The receiver's version.
    pub version: u64,
}

/// How far receiving is open to everyone is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolloutChanged {
    /// The share of creators that may receive without an operator's word.
    pub percentage: Percentage,
    /// Whether the kill switch is on.
    pub paused: bool,
    /// Intents that are open and were created by then are canceled.
    pub cancel_open_until: Option<Timestamp>,
    /// The rollout's version.
    pub version: u64,
}

/// A wave was opened, changed, resumed or rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveChanged {
    /// Which wave.
    pub wave: WaveName,
    /// What was done.
    pub change: WaveChange,
    /// The share of creators that it reaches, beside its list.
    pub percentage: Percentage,
    /// When it starts; null if at once.
    pub starts_at: Option<Timestamp>,
    /// When it halts by itself; null if never.
    pub halt: Option<HaltRule>,
    /// The rollout's version.
    pub rollout_version: u64,
}

/// What was done to a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveChange {
    /// It is new.
    Opened,
    /// Its rule is another.
    Changed,
    /// It was halted and is no longer.
    Resumed,
    /// It is gone for good.
    RolledBack,
}

/// A wave has halted by itself, and waits for an operator. Why is in the audit entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveHalted {
    /// Which wave.
    pub wave: WaveName,
    /// The rates that it halts above.
    pub halt: Option<HaltRule>,
    /// The rollout's version.
    pub rollout_version: u64,
}

/// A record that is never to change was changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditTampered {
    /// The record's partition key.
    pub partition: String,
    /// The record's sort key.
    pub sort: String,
    /// What was done to it.
    pub tampering: Tampering,
}

/// What was done to a record that is never to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tampering {
    /// It says something else.
    Changed,
    /// It is gone.
    Removed,
}

impl Event {
    /// What a new version of a receiver changed of who may receive; `before` is absent where there was none.
    #[must_use]
    pub fn of_receiver(
        before: Option<&Receiver>,
        after: &Receiver,
        policy: &Policy,
        at: Timestamp,
    ) -> Option<Self> {
        let told = |receiver: &Receiver| ReceivingChanged::of(receiver, policy);
        let now = told(after);
        let version = now.version;
        let nothing = || Receiver::unknown(after.creator.clone(), after.currency);
        let then = before.map_or_else(|| told(&nothing()), told);
        let key = format!("{}/{version}", after.creator);
        (ReceivingChanged { version, ..then } != now)
            .then(|| Self::new(at, EventPayload::ReceivingChanged(now), key))
    }

    /// What a new version of the rollout changed, for everyone and wave by wave. The rollout is kept in several
    /// copies: they tell the same events.
    #[must_use]
    pub fn of_rollout(before: &Rollout, after: &Rollout, at: Timestamp) -> Vec<Self> {
        let version = after.version;
        let mut events = Vec::new();
        let for_everyone = |r: &Rollout| (r.percentage, r.paused, r.cancel_open_until);
        if for_everyone(before) != for_everyone(after) {
            let (percentage, paused, cancel_open_until) = for_everyone(after);
            let changed = RolloutChanged { percentage, paused, cancel_open_until, version };
            events.push(Self::new(at, EventPayload::RolloutChanged(changed), version));
        }
        let gone = before.waves.iter().filter(|then| after.wave(&then.name).is_none());
        let gone = gone.map(|then| changed(then, WaveChange::RolledBack, version));
        let now = after.waves.iter().filter_map(|now| of_wave(before.wave(&now.name), now, version));
        for (wave, what) in gone.chain(now) {
            events.push(Self::new(at, what, format!("{wave}/{version}")));
        }
        events
    }

    /// That a record was tampered with; `told_by` tells this time from others.
    #[must_use]
    pub fn of_tampering(what: AuditTampered, told_by: &str, at: Timestamp) -> Self {
        Self::new(at, EventPayload::AuditTampered(what), told_by)
    }
}

impl ReceivingChanged {
    fn of(receiver: &Receiver, policy: &Policy) -> Self {
        let account = receiver.account.as_ref();
        Self {
            creator_id: receiver.creator.clone(),
            receiving: receiver.receiving,
            has_account: account.is_some(),
            may_be_paid: account.is_some_and(|account| policy.may_be_paid(account)),
            payouts_enabled: account.is_some_and(|account| account.payouts_enabled),
            country: account.map(|account| account.country.clone()),
            currency: receiver.currency,
            waves: receiver.waves.clone(),
            denied_by: receiver.denied_by.clone(),
            version: receiver.version,
        }
    }
}

/// What happened to a wave that is there now. One that halted is told as halted, whatever else it became.
fn of_wave(before: Option<&Wave>, now: &Wave, version: u64) -> Option<(WaveName, EventPayload)> {
    let was_halted = before.is_some_and(|then| then.halted);
    if now.halted && !was_halted {
        let halted = WaveHalted { wave: now.name.clone(), halt: now.halt, rollout_version: version };
        return Some((now.name.clone(), EventPayload::WaveHalted(halted)));
    }
    match before {
        None => Some(changed(now, WaveChange::Opened, version)),
        Some(then) if then == now => None,
        Some(_) if was_halted && !now.halted => Some(changed(now, WaveChange::Resumed, version)),
        Some(_) => Some(changed(now, WaveChange::Changed, version)),
    }
}

fn changed(wave: &Wave, change: WaveChange, rollout_version: u64) -> (WaveName, EventPayload) {
    let changed = WaveChanged {
        wave: wave.name.clone(),
        change,
        percentage: wave.percentage,
        starts_at: wave.starts_at,
        halt: wave.halt,
        rollout_version,
    };
    (wave.name.clone(), EventPayload::WaveChanged(changed))
}
