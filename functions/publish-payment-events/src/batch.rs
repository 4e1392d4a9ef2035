//! A batch of the table's stream, and what is answered to it
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>).

use payments::Timestamp;
use payments_store::{ChangeKind, Image, StoreError, StreamChange};
use serde::{Deserialize, Serialize};
use serde_json::{Number, value::RawValue};

/// A batch, its records unread.
#[derive(Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(rename = "Records", borrow)]
    pub(crate) records: Vec<&'a RawValue>,
}

/// A record that was read.
pub(crate) struct Record {
    pub(crate) sequence_number: String,
    /// When the item was written, to the second: the same whenever it is told.
    pub(crate) written_at: Timestamp,
    pub(crate) kind: ChangeKind,
    pub(crate) change: StreamChange,
}

/// A record cannot be read, and never will be by this version of the function.
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
    event_name: EventName,
    dynamodb: RawChange,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum EventName {
    Insert,
    Modify,
    Remove,
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

/// Only the name that a failure is told by.
#[derive(Deserialize)]
struct NamedRecord {
    dynamodb: NamedChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamedChange {
    sequence_number: String,
}

/// What of a batch is to be sent again: everything from the first of these on.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// One record at the most.
    pub batch_item_failures: Vec<BatchFailure>,
}

/// A record that could not be handled.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

impl Record {
    pub(crate) fn read(raw: &RawValue) -> Result<Self, Unreadable> {
        let raw: RawRecord = serde_json::from_str(raw.get()).map_err(|_| Unreadable::Record)?;
        let kind = match raw.event_name {
            EventName::Insert => ChangeKind::Inserted,
            EventName::Modify => ChangeKind::Changed,
            EventName::Remove => ChangeKind::Removed,
        };
        let RawChange { sequence_number, approximate_creation_date_time: at, keys, old_image, new_image } =
            raw.dynamodb;
        Ok(Self {
            sequence_number,
            written_at: Timestamp::from_seconds(seconds(&at).ok_or(Unreadable::Record)?),
            kind,
            change: StreamChange::read(kind, keys, old_image, new_image)?,
        })
    }
}

/// The name of a record that may be unreadable otherwise.
pub(crate) fn sequence_number(raw: &RawValue) -> Option<String> {
    serde_json::from_str::<NamedRecord>(raw.get()).ok().map(|record| record.dynamodb.sequence_number)
}

/// Lambda writes whole seconds, as an integer or as a decimal fraction.
fn seconds(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| number.to_string().split('.').next()?.parse().ok())
}

impl BatchAnswer {
    pub(crate) fn from(sequence_number: String) -> Self {
        Self { batch_item_failures: vec![BatchFailure { item_identifier: sequence_number }] }
    }
}
