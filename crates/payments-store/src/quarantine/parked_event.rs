//! Parked events, as the quarantine keeps them for an operator.

use crate::{
    StoreError, Stored,
    item::{NewItem, kind, read, read_optional},
    keys::{Item, Key, ParkedId},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{EventId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of days for which a parked event is kept.
pub(super) const KEPT_DAYS: i64 = 90;
/// The largest body that is kept, because DynamoDB limits an item to 400 KB.
const BODY_MAX_BYTES: usize = 350 * 1024;
/// The longest text that is kept of an event's type or reason, in characters.
const TEXT_MAX_CHARS: usize = 255;

/// An event with a valid signature that cannot be parsed or applied.
#[derive(Clone, PartialEq, Eq)]
pub struct ParkedEvent {
    /// Stripe's id, if it can be read; otherwise the body's digest names the event.
    pub event_id: Option<EventId>,
    /// Stripe's type, if it can be read.
    pub event_type: Option<String>,
    pub reason: String,
    /// The signed bytes, unchanged.
    pub body: Vec<u8>,
    pub received_at: Timestamp,
}

impl ParkedEvent {
    /// The name of the event in the quarantine.
    #[must_use]
    pub fn id(&self) -> ParkedId {
        self.event_id.as_ref().map_or_else(|| ParkedId::of_body(&self.body), ParkedId::of_event)
    }
}

/// Leaves out the body, because it contains personal data.
impl fmt::Debug for ParkedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParkedEvent")
            .field("event_id", &self.event_id)
            .field("reason", &self.reason)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// The part of a parked event that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedSummary {
    pub id: ParkedId,
    /// Stripe's type, if it can be read.
    pub event_type: Option<String>,
    pub reason: String,
    /// The time of the first delivery.
    pub received_at: Timestamp,
    pub body_bytes: u64,
    /// `None` again once the event is parked again.
    pub redriven: Option<Redriven>,
}

/// A redrive of a parked event: its time and its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redriven {
    pub at: Timestamp,
    pub outcome: RedriveOutcome,
}

/// The outcome of a redrive that completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedriveOutcome {
    /// Its facts are joined into the payment.
    Applied,
    /// It concerns no payment in this table.
    NotOurs,
}

/// A parked event with its body.
#[derive(Clone, PartialEq, Eq)]
pub struct Parked {
    pub summary: ParkedSummary,
    /// The signed bytes; `None` if they are too large to keep.
    pub body: Option<Vec<u8>>,
    /// The day of its partition.
    pub(super) day: String,
    pub(super) expires_at_s: i64,
}

/// Leaves out the body, because it contains personal data.
impl fmt::Debug for Parked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parked").field("summary", &self.summary).finish_non_exhaustive()
    }
}

impl Parked {
    /// Makes the first version, in the partition of the day on which the event arrives.
    pub(super) fn new(event: &ParkedEvent) -> Self {
        let summary = ParkedSummary {
            id: event.id(),
            event_type: event.event_type.as_deref().map(shortened),
            reason: shortened(&event.reason),
            received_at: event.received_at,
            body_bytes: event.body.len() as u64,
            redriven: None,
        };
        Self {
            summary,
            body: (event.body.len() <= BODY_MAX_BYTES).then(|| event.body.clone()),
            day: event.received_at.date(),
            expires_at_s: event.received_at.plus_seconds(KEPT_DAYS * 86_400).seconds(),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_MAX_CHARS).collect()
}

pub(super) fn parked_item(parked: &Stored<Parked>) -> Result<NewItem, StoreError> {
    let Parked { summary, body, day, expires_at_s } = &parked.value;
    let mut item = NewItem::new(Key::parked(day, &summary.id), kind::PARKED_EVENT)
        .number("version", parked.version)
        .text("event_id", &summary.id)
        .optional_text("event_type", summary.event_type.as_ref())
        .text("reason", &summary.reason)
        .text("received_at", summary.received_at)
        .number("body_bytes", summary.body_bytes)
        .number("expires_at", expires_at_s)
        .optional_value("redriven", summary.redriven.as_ref())?;
    if let Some(body) = body {
        item = item.bytes("body", body);
    }
    Ok(item)
}

/// Makes the item that gives a parked event's day, so that the event can be found by its name alone.
pub(super) fn parked_day_item(parked: &Parked) -> NewItem {
    NewItem::new(Key::parked_day(&parked.summary.id), kind::PARKED_DAY)
        .text("day", &parked.day)
        .number("expires_at", parked.expires_at_s)
}

pub(super) fn read_summary(item: &mut Item) -> Result<ParkedSummary, StoreError> {
    const KIND: &str = kind::PARKED_EVENT;
    Ok(ParkedSummary {
        id: read(item, KIND, "event_id")?,
        event_type: read_optional(item, KIND, "event_type")?,
        reason: read(item, KIND, "reason")?,
        received_at: read(item, KIND, "received_at")?,
        body_bytes: read(item, KIND, "body_bytes")?,
        redriven: read_optional(item, KIND, "redriven")?,
    })
}

/// Reads a parked event; one that was parked before such items had versions has version 0.
pub(crate) fn read_parked(day: String, mut item: Item) -> Result<Stored<Parked>, StoreError> {
    const KIND: &str = kind::PARKED_EVENT;
    let body = match item.remove("body") {
        None => None,
        Some(AttributeValue::B(body)) => Some(body.into_inner()),
        Some(_) => return Err(StoreError::corrupt(KIND, "body")),
    };
    let version = read_optional(&mut item, KIND, "version")?.unwrap_or_default();
    let expires_at_s = read(&mut item, KIND, "expires_at")?;
    Ok(Stored { value: Parked { summary: read_summary(&mut item)?, body, day, expires_at_s }, version })
}
