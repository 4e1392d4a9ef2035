//! Handles a batch: parses its records, processes them, and reports the first failure.

use crate::{
    App,
    batch::{Batch, BatchAnswer, Record, sequence_number},
    process_record::process_record,
};
use payments_services::causes;

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

/// Handles a batch of the table's stream, in order, up to the first record that fails. Lambda sends that record and
/// those behind it again (`ReportBatchItemFailures`).
///
/// # Errors
/// [`BatchError`], when the first record of the batch fails. Reported as a failed item, it would keep the batch
/// together, and Lambda would discard the records behind it in the end.
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
