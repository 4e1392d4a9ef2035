//! Records of the table's stream in a batch, parsed one by one, and read with what they do not contain
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>).

use payments::Timestamp;
use payments_store::{ChangeKind, Image, Store, StoreError, StreamChange, StreamRecord};
use serde::Deserialize;
use serde_json::{Number, Value, value::RawValue};

/// A batch whose records are not parsed yet, so that one malformed record does not fail the others.
#[derive(Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(rename = "Records", borrow)]
    pub(crate) records: Vec<&'a RawValue>,
}

/// A record that was read: one item before and after one write.
pub(crate) struct Record {
    pub(crate) sequence_number: String,
    /// When the item was written, to the second: the same in every delivery of the record.
    pub(crate) written_at: Timestamp,
    pub(crate) kind: ChangeKind,
    pub(crate) change: StreamChange,
}

/// A record cannot be read, and retrying with this version of the function cannot help.
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

impl Batch<'_> {
    /// Reads the records in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the table could not be read for what records do not contain; a retry can help.
    pub(crate) async fn read(&self, store: &Store) -> Result<Vec<Result<Record, Unreadable>>, StoreError> {
        let mut records = Vec::new();
        let parse = |raw: &&RawValue| {
            let (delivery, record) = parse(raw)?;
            records.push(record);
            Some(delivery)
        };
        let deliveries: Vec<Option<Delivery>> = self.records.iter().map(parse).collect();
        let mut changes = store.read_changes(records).await?.into_iter();
        let read = |delivery: Option<Delivery>| {
            let Delivery { sequence_number, written_at, kind } = delivery.ok_or(Unreadable::Record)?;
            let change = changes.next().ok_or(Unreadable::Record)??;
            Ok(Record { sequence_number, written_at, kind, change })
        };
        Ok(deliveries.into_iter().map(read).collect())
    }
}

/// What a record says beside the item.
struct Delivery {
    sequence_number: String,
    written_at: Timestamp,
    kind: ChangeKind,
}

fn parse(raw: &RawValue) -> Option<(Delivery, StreamRecord)> {
    let RawRecord { event_name: kind, dynamodb } = serde_json::from_str(raw.get()).ok()?;
    let RawChange { sequence_number, approximate_creation_date_time: at, keys, old_image, new_image } =
        dynamodb;
    let written_at = Timestamp::from_seconds(seconds(&at)?);
    let record = StreamRecord { kind, keys, before: old_image, after: new_image };
    Some((Delivery { sequence_number, written_at, kind }, record))
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
