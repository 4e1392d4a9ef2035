//! Waves that halt by themselves.

use crate::App;
use payments::{AuditId, AuditedBy, HaltCause, Reason, Rollout, UserId, WaveName};
use payments_store::{Cause, StoreError, WaveCount, Written};
use std::{collections::BTreeSet, time::Duration};

/// Who halts, in the audit trail.
const BY: &str = "system:auto-halt";
/// How often a halt is decided before the batch is given back, because an operator wrote first each time.
const TRIES: u32 = 6;
/// How long the pause before the next of them is at the most, in milliseconds.
const PAUSE_MS: u64 = 100;

/// Halts those of these waves that came to more than their rules allow, since they were last resumed.
pub(crate) async fn where_exceeded(app: &App, waves: &BTreeSet<WaveName>) -> Result<(), StoreError> {
    if waves.is_empty() {
        return Ok(());
    }
    let rollout = app.store.rollout().await?;
    for wave in waves {
        // The counters are read after the rule: those of a wave that was resumed since start anew.
        if has_rule(&rollout, wave) {
            let counted = app.store.wave_counters(wave).await?;
            if exceeded(&rollout, wave, &counted).is_some() {
                halt(app, wave, &counted).await?;
            }
        }
    }
    Ok(())
}

fn has_rule(rollout: &Rollout, wave: &WaveName) -> bool {
    rollout.wave(wave).is_some_and(|wave| wave.halt.is_some() && !wave.halted)
}

fn exceeded(rollout: &Rollout, wave: &WaveName, counted: &WaveCount) -> Option<HaltCause> {
    let wave = rollout.wave(wave).filter(|wave| !wave.halted)?;
    wave.halt?.exceeded(&counted.since_resumed())
}

/// Writes that a wave is halted, with its record, unless an operator changed that meanwhile.
async fn halt(app: &App, wave: &WaveName, counted: &WaveCount) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let (before, details) = app.store.rollout_and_wave(wave).await?;
        let (Some(cause), Some(details)) = (exceeded(&before, wave, counted), details) else {
            return Ok(());
        };
        let Some(after) = before.with_wave_halted(wave) else { return Ok(()) };
        let audit = audited(app, cause).rule_change(wave, before.wave(wave), after.wave(wave));
        match app.store.change_rule(&before, &after, &details.changed(), &audit).await? {
            Written::Done => return Ok(()),
            Written::Raced | Written::AccountTaken => {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=PAUSE_MS))).await;
            }
        }
    }
    Err(StoreError::Unavailable { operation: "halt a wave", cause: Cause::Contention })
}

fn audited(app: &App, cause: HaltCause) -> AuditedBy {
    AuditedBy {
        by: UserId::parse(BY).expect("a name of allowed characters"),
        at: app.clock.now(),
        id: AuditId(fastrand::u64(..)),
        reason: Reason::parse(&cause.to_string()).expect("a short text"),
    }
}
