//! From a batch to what is done with it and back.

use crate::{
    App,
    batch::{Batch, BatchAnswer, Record, sequence_number},
    process_record::process_record,
};
use payments_services::causes;

/// Nothing of a batch could be done. Lambda sends it again in halves, so that a record at fault ends up alone; alone and
/// tried often enough, it goes to the queue of records that could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The event is no batch of a table's stream.
    #[error("not a batch of a stream")]
    NotABatch,
    /// Its first record could not be handled.
    #[error("the first record of {records} could not be handled: {cause}")]
    FirstRecord {
        /// How many there are.
        records: usize,
        /// Why.
        cause: String,
    },
}

/// Handles a batch of the table's stream: in order, up to the first record that cannot be handled. Lambda sends that one
/// and what follows again (`ReportBatchItemFailures`).
///
/// # Errors
/// [`BatchError`] when that is the first record of all. To report it as a failed item would keep the batch together,
/// and throw away with it, in the end, what comes behind.
pub async fn handle(app: &App, event: &str) -> Result<BatchAnswer, BatchError> {
    let batch: Batch<'_> = serde_json::from_str(event).map_err(|_| BatchError::NotABatch)?;
    let mut readable = Vec::with_capacity(batch.records.len());
    let mut fault = None;
    for raw in &batch.records {
        match Record::read(raw) {
            Ok(record) => readable.push(record),
            Err(unreadable) => {
                fault = Some(causes(&unreadable));
                break;
            }
        }
    }
    let done = match Box::pin(process_record(app, &readable)).await {
        Ok(()) => readable.len(),
        Err(failed) => {
            fault = Some(failed.cause);
            failed.at
        }
    };
    let Some(cause) = fault else {
        tracing::info!(records = done, "handled");
        return Ok(BatchAnswer::default());
    };
    let name = batch.records.get(done).and_then(|raw| sequence_number(raw));
    tracing::error!(sequence_number = name, records = batch.records.len(), done, cause, "failed");
    match name.filter(|_| done > 0) {
        Some(name) => Ok(BatchAnswer::from(name)),
        None => Err(BatchError::FirstRecord { records: batch.records.len(), cause }),
    }
}
