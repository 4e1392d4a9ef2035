//! The table's stream: what it tells of a write.

use crate::clock::EPOCH_MS;
use crate::gateway::template;
use crate::table::Write;
use serde_json::{Value, json};

/// The record of a write, unless the template's filter keeps it back from those who read the stream.
pub(crate) fn record(write: &Write, sequence_number: u64) -> Option<Value> {
    let (pk, sk) = &write.key;
    let mut change = json!({
        "ApproximateCreationDateTime": EPOCH_MS / 1_000,
        "Keys": {"PK": {"S": pk}, "SK": {"S": sk}},
        "SequenceNumber": sequence_number.to_string(),
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    });
    for (name, image) in [("OldImage", &write.before), ("NewImage", &write.after)] {
        if let Some(image) = image {
            change[name] = image.clone().into();
        }
    }
    let name = match (&write.before, &write.after) {
        (_, None) => "REMOVE",
        (None, Some(_)) => "INSERT",
        (Some(_), Some(_)) => "MODIFY",
    };
    let record = json!({"eventName": name, "dynamodb": change});
    template().streams.iter().any(|mapping| mapping.accepts(&record)).then_some(record)
}

/// A record's name.
pub(crate) fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}
