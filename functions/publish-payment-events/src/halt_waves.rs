//! Halts waves whose payments exceed their halt rule.

use crate::{App, count_items::alarm};
use payments::{AuditId, AuditedBy, HaltCause, Reason, Rollout, UserId, Wave, WaveName};
use payments_store::{Backoff, Saved, StoreError};
use std::collections::BTreeSet;

/// The author of a halt in the audit entries.
const BY: &str = "system:auto-halt";

/// Halts each of these waves whose payments since its last resume exceed its halt rule. A wave whose counters or rule cannot be
/// read is left as it is, with an alarm: it must not hold up what comes behind it.
pub(crate) async fn where_exceeded(app: &App, waves: &BTreeSet<WaveName>) -> Result<(), StoreError> {
    if waves.is_empty() {
        return Ok(());
    }
    let Some(rollout) = readable(app.store.rollout().await)? else { return Ok(()) };
    for name in waves {
        readable(halt_where_exceeded(app, &rollout, name).await)?;
    }
    Ok(())
}

/// What was read; `None`, with an alarm, if an item cannot be read.
fn readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.unreadable_item().is_some() => {
            alarm(&error);
            Ok(None)
        }
        read => read.map(Some),
    }
}

async fn halt_where_exceeded(app: &App, rollout: &Rollout, name: &WaveName) -> Result<(), StoreError> {
    if let Some(wave) = rollout.wave(name).filter(|wave| has_rule(wave))
        && wave.halt_cause(&app.store.wave_counters(name).await?).is_some()
    {
        halt(app, name).await?;
    }
    Ok(())
}

fn has_rule(wave: &Wave) -> bool {
    wave.halt.is_some() && !wave.halted
}

/// Halts one wave, with an audit entry, unless an operator who writes at the same time makes it unnecessary.
async fn halt(app: &App, name: &WaveName) -> Result<(), StoreError> {
    let mut backoff = Backoff::of_change();
    loop {
        let (before, details) = app.store.rollout_and_wave(name).await?;
        // Read in each attempt, and after the rule: an operator may have changed the rule or resumed the wave in
        // between.
        let counters = app.store.wave_counters(name).await?;
        let cause = before.wave(name).and_then(|wave| wave.halt_cause(&counters));
        let (Some(cause), Some(details)) = (cause, details) else { return Ok(()) };
        let Some(after) = before.with_wave_halted(name) else { return Ok(()) };
        let audit = audited(app, cause).rule_change(name, before.wave(name), after.wave(name));
        match app.store.change_rule(&before, &after, &details.changed(), &audit).await? {
            Saved::Done { .. } => return Ok(()),
            Saved::Raced => backoff.lost("halt a wave").await?,
        }
    }
}

fn audited(app: &App, cause: HaltCause) -> AuditedBy {
    AuditedBy {
        by: UserId::parse(BY).expect("a name of allowed characters"),
        at: app.clock.now(),
        id: AuditId(fastrand::u64(..)),
        reason: Reason::parse(&cause.to_string()).expect("a short text"),
    }
}
