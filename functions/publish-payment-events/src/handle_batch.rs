//! Handles a batch: parses its records, processes them, and reports the first failure.

use crate::{
    App,
    batch_response::BatchAnswer,
    process_records::{Failed, Processed, process_records},
    stream_record::{Batch, sequence_number},
    unreadable_records::give_up_all,
};
use payments_services::{causes, measuring_waits, waited};

/// Nothing of a batch could be handled. Lambda halves the batch and retries until the failing record is alone; after
/// its last retry that record goes to the failure queue.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error("not a batch of a stream")]
    NotABatch,
    #[error("the first record of {records} could not be handled: {cause}")]
    FirstRecord {
        /// The size of the whole batch.
        records: usize,
        cause: String,
    },
}

/// A record that failed, by its place in the batch.
pub(crate) struct Fault {
    pub(crate) place: usize,
    pub(crate) cause: String,
}

/// Handles a batch of the table's stream, in order, up to the first record that fails. Lambda sends that record and
/// those behind it again (`ReportBatchItemFailures`). A record that cannot be read, or counted because its mark cannot be
/// read, goes to the failure queue at once: no retry can help it, and each would hold up the records behind it.
///
/// # Errors
/// [`BatchError`], when the first record of the batch fails. Reported as a failed item, it would keep the batch
/// together, and Lambda would discard the records behind it in the end.
pub async fn handle(app: &App, event: &str) -> Result<BatchAnswer, BatchError> {
    measuring_waits(Box::pin(handle_records(app, event))).await
}

async fn handle_records(app: &App, event: &str) -> Result<BatchAnswer, BatchError> {
    let batch: Batch<'_> = serde_json::from_str(event).map_err(|_| BatchError::NotABatch)?;
    let read = batch.read(&app.store).await;
    let read = read.map_err(|error| first_record_failed(&batch, causes(&error)))?;
    let (mut places, mut readable, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    for (place, record) in read.into_iter().enumerate() {
        match record {
            Ok(record) => {
                places.push(place);
                readable.push(record);
            }
            Err(error) => unreadable.push(Fault { place, cause: causes(&error) }),
        }
    }
    let in_batch = |Failed { at, cause }| Fault { place: places.get(at).copied().unwrap_or_default(), cause };
    let Processed { failed, left_out } = Box::pin(process_records(app, &readable)).await;
    let failed = failed.map(in_batch);
    unreadable.extend(left_out.into_iter().map(in_batch));
    let end = failed.as_ref().map_or(batch.records.len(), |failed| failed.place);
    // What comes behind a failure comes again.
    let given_up = unreadable.into_iter().filter(|fault| fault.place < end);
    let Some(Fault { place: done, cause }) = give_up_all(app, &batch, given_up).await.or(failed) else {
        tracing::info!(records = batch.records.len(), TableDuration = waited().table, "handled");
        return Ok(BatchAnswer::default());
    };
    let name = batch.records.get(done).and_then(|raw| sequence_number(raw));
    tracing::error!(
        sequence_number = name,
        records = batch.records.len(),
        done,
        cause,
        TableDuration = waited().table,
        "failed"
    );
    match name.filter(|_| done > 0) {
        Some(name) => Ok(BatchAnswer::from(name)),
        None => Err(first_record_failed(&batch, cause)),
    }
}

fn first_record_failed(batch: &Batch<'_>, cause: String) -> BatchError {
    BatchError::FirstRecord { records: batch.records.len(), cause }
}
