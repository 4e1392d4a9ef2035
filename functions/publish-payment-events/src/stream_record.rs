//! Records of the table's stream in a batch, parsed one by one
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>).

use payments::Timestamp;
use payments_store::{ChangeKind, Image, StoreError, StreamChange};
use serde::Deserialize;
use serde_json::{Number, Value, value::RawValue};

/// A batch whose records are not parsed yet, so that one malformed record does not fail the others.
#[derive(Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(rename = "Records", borrow)]
    pub(crate) records: Vec<&'a RawValue>,
}

/// A parsed record: one item before and after one write.
pub(crate) struct Record {
    pub(crate) sequence_number: String,
    /// When the item was written, to the second: the same in every delivery of the record.
    pub(crate) written_at: Timestamp,
    pub(crate) kind: ChangeKind,
    pub(crate) change: StreamChange,
}

/// A record cannot be parsed, and retrying with this version of the function cannot help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("not a record of a stream with the items before and after")]
    Record,
    #[error(transparent)]
    Item(#[from] StoreError),
}

#[derive(Deserialize)]
struct RawRecord {
    #[serde(rename = "eventName")]
    event_name: ChangeKind,
    dynamodb: RawChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawChange {
    sequence_number: String,
    approximate_creation_date_time: Number,
    keys: Image,
    old_image: Option<Image>,
    new_image: Option<Image>,
}

impl Record {
    pub(crate) fn read(raw: &RawValue) -> Result<Self, Unreadable> {
        let raw: RawRecord = serde_json::from_str(raw.get()).map_err(|_| Unreadable::Record)?;
        let RawChange { sequence_number, approximate_creation_date_time: at, keys, old_image, new_image } =
            raw.dynamodb;
        Ok(Self {
            sequence_number,
            written_at: Timestamp::from_seconds(seconds(&at).ok_or(Unreadable::Record)?),
            kind: raw.event_name,
            change: StreamChange::read(raw.event_name, keys, old_image, new_image)?,
        })
    }
}

/// Parses the sequence number, which identifies a failed record. The record may be malformed otherwise.
pub(crate) fn sequence_number(raw: &RawValue) -> Option<String> {
    let record: Value = serde_json::from_str(raw.get()).ok()?;
    record.pointer("/dynamodb/SequenceNumber")?.as_str().map(str::to_owned)
}

/// Lambda writes seconds as an integer or as a decimal fraction; the fraction is dropped.
fn seconds(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| number.to_string().split('.').next()?.parse().ok())
}
