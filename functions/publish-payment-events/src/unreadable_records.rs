//! Records that cannot be read go to the failure queue.

use crate::handle_batch::Fault;
use crate::{
    App,
    stream_record::{Batch, sequence_number},
};
use payments_services::{causes, count_setup_fault};
use serde_json::{Value, json, value::RawValue};

/// Sends records that cannot be read to the failure queue, and returns the first one that the queue does not take.
pub(crate) async fn give_up_all(
    app: &App,
    batch: &Batch<'_>,
    unreadable: impl Iterator<Item = Fault>,
) -> Option<Fault> {
    for fault in unreadable {
        let Some(raw) = batch.records.get(fault.place) else { continue };
        let Some(failures) = &app.failures else { return Some(fault) };
        let (sequence_number, cause) = (sequence_number(raw), fault.cause.as_str());
        match failures.send(letter(raw, cause)).await {
            Ok(()) => {
                tracing::error!(sequence_number, cause, "a record is given up");
                count_setup_fault();
            }
            Err(error) => {
                let cause = format!("{cause}; not sent to the failure queue: {}", causes(&error));
                return Some(Fault { cause, ..fault });
            }
        }
    }
    None
}

/// The message about a record that is given up: as Lambda's own, with the key of the item and the cause.
pub(crate) fn letter(raw: &RawValue, cause: &str) -> String {
    let record: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    let number = &record["dynamodb"]["SequenceNumber"];
    json!({
        "version": "1.0",
        "requestContext": {"condition": "UnreadableRecord", "approximateInvokeCount": 1},
        "DDBStreamBatchInfo": {
            "startSequenceNumber": number,
            "endSequenceNumber": number,
            "batchSize": 1,
            "streamArn": record["eventSourceARN"],
        },
        "keys": record["dynamodb"]["Keys"],
        "cause": cause,
    })
    .to_string()
}
