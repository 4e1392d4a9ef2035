//! Processes parsed records: publishes their events, counts their items, halts waves.

use crate::{App, stream_record::Record};
use crate::{alarm_metrics::measure, count_items::count_and_halt, publish_events::publish};

/// Some records failed.
pub(crate) struct Failed {
    /// The index of the first record that failed. Later records may be done; repeating them is safe.
    pub(crate) at: usize,
    pub(crate) cause: String,
}

/// Publishes events, counts items and halts waves. Publishing and counting run side by side, so that an outage of the
/// bus does not delay the counts.
pub(crate) async fn process_records(app: &App, records: &[Record]) -> Result<(), Failed> {
    records.iter().for_each(measure);
    let (published, counted) = tokio::join!(publish(app, records), count_and_halt(app, records));
    let failures = [published, counted].into_iter().filter_map(Result::err);
    failures.min_by_key(|failed| failed.at).map_or(Ok(()), Err)
}
