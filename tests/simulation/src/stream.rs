//! Records of the table's stream, as Lambda hands them to a function.

use crate::clock::EPOCH_MS;
use crate::gateway::template;
use crate::table::Write;
use publish_payment_events::BatchAnswer;
use serde_json::{Value, json};

/// The record of a write, unless the template's filter drops it.
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

/// The shard, of `shards`, that has every record of the written item.
pub(crate) fn shard_of(write: &Write, shards: usize) -> usize {
    write.key.0.bytes().map(usize::from).sum::<usize>() % shards
}

/// The event of a batch.
pub(crate) fn batch_event(records: &[&Value]) -> String {
    json!({"Records": records}).to_string()
}

/// How many records of a batch are done: those before the first that failed.
pub(crate) fn records_done(records: &[&Value], answer: &BatchAnswer) -> usize {
    let Some(failed) = answer.batch_item_failures.first() else { return records.len() };
    let is_it = |record: &&Value| record["dynamodb"]["SequenceNumber"] == failed.item_identifier;
    records.iter().position(is_it).unwrap_or_default()
}
