//! Processes parsed records: publishes their events, counts their items, halts waves.

use crate::{App, stream_record::Record};
use crate::{alarm_metrics::measure, count_items::count_and_halt, publish_events::publish};

/// A record that failed.
pub(crate) struct Failed {
    /// The index of the record. Later records may be done; repeating them is safe.
    pub(crate) at: usize,
    pub(crate) cause: String,
}

/// The outcome of records.
pub(crate) struct Processed {
    /// The first record that failed, which a retry may help.
    pub(crate) failed: Option<Failed>,
    /// The records that no retry helps: something that they need cannot be read.
    pub(crate) left_out: Vec<Failed>,
}

/// Publishes events, counts items and halts waves. Publishing and counting run side by side, so that an outage of the
/// bus does not delay the counts.
pub(crate) async fn process_records(app: &App, records: &[Record]) -> Processed {
    records.iter().for_each(measure);
    let (published, counted) = tokio::join!(publish(app, records), count_and_halt(app, records));
    let (left_out, uncounted) = counted.map_or_else(|failed| (vec![], Some(failed)), |left| (left, None));
    let failed = published.err().into_iter().chain(uncounted).min_by_key(|failed| failed.at);
    Processed { failed, left_out }
}
