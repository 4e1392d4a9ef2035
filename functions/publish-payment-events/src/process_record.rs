//! Processes parsed records: publishes their events, counts their items, halts waves.

use crate::{App, batch::Record, halt, publish_with_retry::publish_with_retry};
use payments::{AuditTampered, Event, Policy, Tampering, WaveName};
use payments_events::Published;
use payments_services::{Metric, causes, count};
use payments_store::{ChangeKind, CountedItem, StoreError, StreamChange};
use std::collections::BTreeSet;

/// Some records failed.
pub(crate) struct Failed {
    /// The index of the first record that failed. Later records may be done; repeating them is safe.
    pub(crate) at: usize,
    pub(crate) cause: String,
}

/// Publishes events, counts items and halts waves. Publishing and counting run side by side, so that an outage of the
/// bus does not delay the counts.
pub(crate) async fn process_record(app: &App, records: &[Record]) -> Result<(), Failed> {
    records.iter().for_each(measure);
    let (published, counted) = tokio::join!(publish(app, records), count_and_halt(app, records));
    let failures = [published, counted].into_iter().filter_map(Result::err);
    failures.min_by_key(|failed| failed.at).map_or(Ok(()), Err)
}

/// Logs and counts what alarms depend on: changed audit or ledger entries, and halted waves.
fn measure(record: &Record) {
    match &record.change {
        StreamChange::Tampered { partition, .. } => {
            // The partition key contains a creator's id, which belongs in the event but not in the log.
            let kind = partition.split('#').next();
            let sequence_number = &record.sequence_number;
            tracing::error!(kind, sequence_number, "a record that is never to change was changed or removed");
            count(Metric::AuditTampered);
        }
        StreamChange::Rollout { before, after } => {
            let was_halted = |name: &WaveName| before.wave(name).is_some_and(|wave| wave.halted);
            for wave in after.waves.iter().filter(|wave| wave.halted && !was_halted(&wave.name)) {
                tracing::warn!(wave = %wave.name, "halted");
                count(Metric::WaveHalted);
            }
        }
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Feedback(_)
        | StreamChange::Nothing => {}
    }
}

/// Derives the events that the rest of the app receives for a record.
fn events(record: &Record, policy: &Policy) -> Vec<Event> {
    let at = record.written_at;
    match &record.change {
        StreamChange::Payment { before, after } => Event::of_payment(before.as_deref(), &after.value, at),
        StreamChange::Receiver { before, after } => {
            Event::of_receiver(before.as_deref(), after, policy, at).into_iter().collect()
        }
        StreamChange::Rollout { before, after } => Event::of_rollout(before, after, at),
        StreamChange::Tampered { partition, sort } => {
            let tampering = match record.kind {
                ChangeKind::Remove => Tampering::Removed,
                ChangeKind::Insert | ChangeKind::Modify => Tampering::Changed,
            };
            let what = AuditTampered { partition: partition.clone(), sort: sort.clone(), tampering };
            vec![Event::of_tampering(what, &record.sequence_number, at)]
        }
        StreamChange::Feedback(_) | StreamChange::Nothing => Vec::new(),
    }
}

async fn publish(app: &App, records: &[Record]) -> Result<(), Failed> {
    let Some(bus) = &app.bus else { return Ok(()) };
    let told = records.iter().enumerate();
    let told =
        told.flat_map(|(at, record)| events(record, &app.policy).into_iter().map(move |event| (at, event)));
    let (places, events): (Vec<usize>, Vec<Event>) = told.unzip();
    let published = publish_with_retry(&events, |events| async move { bus.publish(&events).await }).await;
    let failed = places.into_iter().zip(published).find_map(|(at, published)| match published {
        Published::Done => None,
        Published::Unavailable(cause) | Published::Refused(cause) => {
            Some(Failed { at, cause: format!("an event is not published: {}", causes(&cause)) })
        }
    });
    failed.map_or(Ok(()), Err)
}

/// Counts the records' items, then halts waves. One transaction counts several records, so a failure is reported at the
/// first record that is counted at all.
async fn count_and_halt(app: &App, records: &[Record]) -> Result<(), Failed> {
    let concerned = |record: &Record| match record.change {
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Feedback(_)
        | StreamChange::Rollout { .. } => true,
        StreamChange::Tampered { .. } | StreamChange::Nothing => false,
    };
    let Some(at) = records.iter().position(concerned) else { return Ok(()) };
    let counted = records.iter().filter_map(|record| record.change.counted(&app.policy));
    let items: Vec<CountedItem> = counted.collect();
    let failed = |error: StoreError| Failed { at, cause: format!("not counted: {}", causes(&error)) };
    let waves = waves(records, &items);
    count_items(app, items).await.map_err(failed)?;
    halt::where_exceeded(app, &waves).await.map_err(failed)
}

/// Returns the waves whose counters or rules may have changed.
fn waves(records: &[Record], items: &[CountedItem]) -> BTreeSet<WaveName> {
    let ruled = records.iter().filter_map(|record| match &record.change {
        StreamChange::Rollout { after, .. } => Some(after.waves.iter().map(|wave| &wave.name)),
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Feedback(_)
        | StreamChange::Tampered { .. }
        | StreamChange::Nothing => None,
    });
    ruled.flatten().chain(items.iter().flat_map(CountedItem::waves)).cloned().collect()
}

async fn count_items(app: &App, items: Vec<CountedItem>) -> Result<(), StoreError> {
    if items.is_empty() {
        return Ok(());
    }
    for generation in app.store.generations().await?.value.current() {
        app.store.count(generation, items.iter().cloned()).await?;
    }
    Ok(())
}
