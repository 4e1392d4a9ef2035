//! Counts the items of records, then halts waves.

use crate::halt_waves;
use crate::process_records::Failed;
use crate::{App, stream_record::Record};
use payments::WaveName;
use payments_services::{Metric, causes, count};
use payments_store::{CountedItem, StoreError, StreamChange};
use std::collections::{BTreeMap, BTreeSet};

/// Counts the records' items, then halts waves, and returns the records that cannot be counted. One transaction counts several
/// records, so a failure is reported at the first record that is counted at all.
pub(crate) async fn count_and_halt(app: &App, records: &[Record]) -> Result<Vec<Failed>, Failed> {
    let concerned = |record: &Record| match record.change {
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Feedback(_)
        | StreamChange::Rollout { .. } => true,
        StreamChange::Payout(_) | StreamChange::Tampered { .. } | StreamChange::Nothing => false,
    };
    let Some(at) = records.iter().position(concerned) else { return Ok(vec![]) };
    let counted = records.iter().map(|record| record.change.counted(&app.policy)).enumerate();
    let items: Vec<(usize, CountedItem)> = counted.filter_map(|(at, item)| Some((at, item?))).collect();
    let failed = |error: StoreError| Failed { at, cause: uncounted(&error) };
    let waves = waves(records, items.iter().map(|(_, item)| item));
    let left_out = count_items(app, &items).await.map_err(failed)?;
    halt_waves::where_exceeded(app, &waves).await.map_err(failed)?;
    Ok(left_out)
}

fn uncounted(error: &StoreError) -> String {
    format!("not counted: {}", causes(error))
}

/// Returns the waves whose counters or rules may have changed.
fn waves<'a>(records: &'a [Record], items: impl Iterator<Item = &'a CountedItem>) -> BTreeSet<WaveName> {
    let ruled = records.iter().filter_map(|record| match &record.change {
        StreamChange::Rollout { after, .. } => Some(after.waves.iter().map(|wave| &wave.name)),
        StreamChange::Payment { .. }
        | StreamChange::Receiver { .. }
        | StreamChange::Payout(_)
        | StreamChange::Feedback(_)
        | StreamChange::Tampered { .. }
        | StreamChange::Nothing => None,
    });
    ruled.flatten().chain(items.flat_map(CountedItem::waves)).cloned().collect()
}

/// Counts the items of records, and returns those that cannot be counted, once for each record.
async fn count_items(app: &App, items: &[(usize, CountedItem)]) -> Result<Vec<Failed>, StoreError> {
    if items.is_empty() {
        return Ok(vec![]);
    }
    let generations = match app.store.generations().await {
        Ok(generations) => generations.value,
        Err(error) if error.unreadable_item().is_some() => {
            alarm(&error);
            return Ok(items.iter().map(|(at, _)| Failed { at: *at, cause: uncounted(&error) }).collect());
        }
        Err(error) => return Err(error),
    };
    let mut failed = BTreeMap::new();
    for generation in generations.current() {
        let left_out = app.store.count(generation, items.iter().map(|(_, item)| item.clone())).await?;
        left_out.sums.iter().for_each(alarm);
        for (left, error) in left_out.items {
            alarm(&error);
            let same = items.iter().filter(|(_, item)| item.is_of_same_item(&left));
            failed.extend(same.map(|(at, _)| (*at, uncounted(&error))));
        }
    }
    Ok(failed.into_iter().map(|(at, cause)| Failed { at, cause }).collect())
}

/// Counts an item that cannot be read for its alarm.
pub(crate) fn alarm(error: &StoreError) {
    count(Metric::UnreadableItem);
    tracing::error!(cause = causes(error), "an item that counting needs cannot be read");
}
