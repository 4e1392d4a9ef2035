//! Authentic events that could not be applied, as they are kept for an operator.

use crate::{
    StoreError, Stored,
    item::{Item, NewItem, kind, read, read_optional},
    keys::Key,
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{EventId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// For how long a parked event is kept, in days.
pub(crate) const KEPT_DAYS: i64 = 90;
/// The largest body that is kept; DynamoDB's items end at 400 KB.
const BODY_MAX_BYTES: usize = 350 * 1024;
/// The longest text that is kept of what an event says of itself, in characters.
const TEXT_MAX_CHARS: usize = 255;
/// What the name of an event without a readable id starts with.
const DIGEST: &str = "sha256:";

/// An event with a good signature that could not be parsed or applied.
#[derive(Clone, PartialEq, Eq)]
pub struct ParkedEvent {
    /// Stripe's id, if one could be read; else the body's digest stands for it.
    pub event_id: Option<EventId>,
    /// Stripe's type, if one could be read.
    pub event_type: Option<String>,
    /// Why it could not be applied, in a word.
    pub reason: String,
    /// The body as it was signed.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl ParkedEvent {
    /// The name that it is kept under.
    #[must_use]
    pub fn id(&self) -> ParkedId {
        let digest = || format!("{DIGEST}{}", hex::encode(Sha256::digest(&self.body)));
        ParkedId(self.event_id.as_ref().map_or_else(digest, ToString::to_string))
    }
}

/// Leaves the body out: it names people.
impl fmt::Debug for ParkedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParkedEvent")
            .field("event_id", &self.event_id)
            .field("reason", &self.reason)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// The name of a parked event: Stripe's id, or `sha256:` and the digest of a body without a readable one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ParkedId(String);

/// A text is not the name of a parked event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a parked event")]
pub struct NotAParkedId;

impl ParkedId {
    /// Reads a name.
    ///
    /// # Errors
    /// [`NotAParkedId`].
    pub fn parse(text: &str) -> Result<Self, NotAParkedId> {
        let is_hex =
            |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_name = EventId::parse(text).is_ok() || text.strip_prefix(DIGEST).is_some_and(is_hex);
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotAParkedId) }
    }
}

impl fmt::Display for ParkedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ParkedId {
    type Error = NotAParkedId;
    fn try_from(text: String) -> Result<Self, NotAParkedId> {
        Self::parse(&text)
    }
}

impl From<ParkedId> for String {
    fn from(id: ParkedId) -> String {
        id.0
    }
}

/// What a list shows of a parked event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedSummary {
    /// The name that it is kept under.
    pub id: ParkedId,
    /// Stripe's type, if one could be read.
    pub event_type: Option<String>,
    /// Why it could not be applied.
    pub reason: String,
    /// When it first came.
    pub received_at: Timestamp,
    /// How long its body is.
    pub body_bytes: u64,
    /// That it was redriven, unless it was parked again since.
    pub redriven: Option<Redriven>,
}

/// That a parked event was redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redriven {
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: RedriveOutcome,
}

/// What came of an event that was redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedriveOutcome {
    /// Its facts are in the payment's row.
    Applied,
    /// It concerns no payment of ours.
    NotOurs,
}

/// A parked event as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct Parked {
    /// What it says of itself.
    pub summary: ParkedSummary,
    /// The body as it was signed; none where it was too large to keep.
    pub body: Option<Vec<u8>>,
    /// The day it is filed under.
    pub(crate) day: String,
    pub(crate) expires_at_s: i64,
}

/// Leaves the body out: it names people.
impl fmt::Debug for Parked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parked").field("summary", &self.summary).finish_non_exhaustive()
    }
}

impl Parked {
    /// As it is first kept, filed under the day on which it came.
    pub(crate) fn new(event: &ParkedEvent) -> Self {
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

pub(crate) fn parked_item(parked: &Stored<Parked>) -> Result<Item, StoreError> {
    let Parked { summary, body, day, expires_at_s } = &parked.value;
    let mut item = NewItem::new(Key::parked(day, &summary.id), kind::PARKED_EVENT)
        .number("version", parked.version)
        .text("event_id", &summary.id)
        .optional_text("event_type", summary.event_type.as_ref())
        .text("reason", &summary.reason)
        .text("received_at", summary.received_at)
        .number("body_bytes", summary.body_bytes)
        .number("expires_at", expires_at_s);
    if let Some(redriven) = &summary.redriven {
        item = item.value("redriven", redriven)?;
    }
    if let Some(body) = body {
        item = item.bytes("body", body);
    }
    Ok(item.build())
}

/// Where a parked event is filed, so that it is found by its name alone.
pub(crate) fn parked_day_item(parked: &Parked) -> Item {
    NewItem::new(Key::parked_day(&parked.summary.id), kind::PARKED_DAY)
        .text("day", &parked.day)
        .number("expires_at", parked.expires_at_s)
        .build()
}

pub(crate) fn read_summary(item: &mut Item) -> Result<ParkedSummary, StoreError> {
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

/// An event that was parked before they had versions has version 0.
pub(crate) fn read_parked(day: String, mut item: Item) -> Result<Stored<Parked>, StoreError> {
    const KIND: &str = kind::PARKED_EVENT;
    let body = match item.remove("body") {
        None => None,
        Some(AttributeValue::B(body)) => Some(body.into_inner()),
        Some(_) => return Err(StoreError::Corrupt { kind: KIND, field: "body" }),
    };
    let version = read_optional(&mut item, KIND, "version")?.unwrap_or_default();
    let expires_at_s = read(&mut item, KIND, "expires_at")?;
    Ok(Stored { value: Parked { summary: read_summary(&mut item)?, body, day, expires_at_s }, version })
}
