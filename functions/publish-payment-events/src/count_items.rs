//! Counts the items of records, then halts waves.

use crate::halt_waves;
use crate::process_records::Failed;
use crate::{App, stream_record::Record};
use payments::WaveName;
use payments_services::causes;
use payments_store::{CountedItem, StoreError, StreamChange};
use std::collections::BTreeSet;

/// Counts the records' items, then halts waves. One transaction counts several records, so a failure is reported at the
/// first record that is counted at all.
pub(crate) async fn count_and_halt(app: &App, records: &[Record]) -> Result<(), Failed> {
    let concerned = |record: &Record| match record.change {
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Feedback(_)
        | StreamChange::Rollout { .. } => true,
        StreamChange::Payout(_) | StreamChange::Tampered { .. } | StreamChange::Nothing => false,
    };
    let Some(at) = records.iter().position(concerned) else { return Ok(()) };
    let counted = records.iter().filter_map(|record| record.change.counted(&app.policy));
    let items: Vec<CountedItem> = counted.collect();
    let failed = |error: StoreError| Failed { at, cause: format!("not counted: {}", causes(&error)) };
    let waves = waves(records, &items);
    count_items(app, items).await.map_err(failed)?;
    halt_waves::where_exceeded(app, &waves).await.map_err(failed)
}

/// Returns the waves whose counters or rules may have changed.
fn waves(records: &[Record], items: &[CountedItem]) -> BTreeSet<WaveName> {
    let ruled = records.iter().filter_map(|record| match &record.change {
        StreamChange::Rollout { after, .. } => Some(after.waves.iter().map(|wave| &wave.name)),
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Payout(_)
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
