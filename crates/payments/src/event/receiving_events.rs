//! The events of creators, waves and the rollout, and of tampering with an audit entry.

use crate::event::{
    AuditTampered, Event, EventPayload, ReceivingChanged, RolloutChanged, WaveChange, WaveChanged, WaveHalted,
};
use crate::ids::WaveName;
use crate::receiving::{Policy, Receiver, Rollout, Wave};
use crate::timestamp::Timestamp;

impl Event {
    /// The event of a new version of a receiver; `None` when nothing changed that the event shows. `before` is `None`
    /// for a receiver that was not stored.
    #[must_use]
    pub fn of_receiver(
        before: Option<&Receiver>,
        after: &Receiver,
        policy: &Policy,
        at: Timestamp,
    ) -> Option<Self> {
        let detail = |receiver: &Receiver| ReceivingChanged::of(receiver, policy);
        let unknown = || Receiver::unknown(after.creator.clone());
        let (old, new) = (before.map_or_else(|| detail(&unknown()), detail), detail(after));
        let version = new.version;
        let key = format!("{}/{version}", after.creator);
        (ReceivingChanged { version, ..old } != new)
            .then(|| Self::new(at, EventPayload::ReceivingChanged(new), key))
    }

    /// The events of a new version of the rollout, for everyone and for each wave. Every copy of the rollout gives the
    /// same events.
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
        let removed = before.waves.iter().filter(|wave| after.wave(&wave.name).is_none());
        let rolled_back = removed.map(|wave| changed(wave, WaveChange::RolledBack, version));
        let current = after.waves.iter().filter_map(|wave| of_wave(before.wave(&wave.name), wave, version));
        for (wave, payload) in rolled_back.chain(current) {
            events.push(Self::new(at, payload, format!("{wave}/{version}")));
        }
        events
    }

    /// The event of tampering with an audit entry; `sequence_number` of the stream's record makes its id unique.
    #[must_use]
    pub fn of_tampering(detail: AuditTampered, sequence_number: &str, at: Timestamp) -> Self {
        Self::new(at, EventPayload::AuditTampered(detail), sequence_number)
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
            currency: receiver.currency(policy),
            waves: receiver.waves.clone(),
            denied_by: receiver.denied_by.clone(),
            version: receiver.version,
        }
    }
}

/// The event of a wave in the new rollout; `None` when it is unchanged. A halt comes before every other change.
fn of_wave(before: Option<&Wave>, after: &Wave, version: u64) -> Option<(WaveName, EventPayload)> {
    let was_halted = before.is_some_and(|wave| wave.halted);
    if after.halted && !was_halted {
        let halted = WaveHalted { wave: after.name.clone(), halt: after.halt, rollout_version: version };
        return Some((after.name.clone(), EventPayload::WaveHalted(halted)));
    }
    match before {
        None => Some(changed(after, WaveChange::Opened, version)),
        Some(before) if before == after => None,
        Some(_) if was_halted && !after.halted => Some(changed(after, WaveChange::Resumed, version)),
        Some(_) => Some(changed(after, WaveChange::Changed, version)),
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
