//! Authentic events that could not be applied, kept for an operator.

use crate::{
    Store, StoreError,
    backoff::Backoff,
    item::{Item, NewItem, kind},
    keys::{Key, PARTITION_KEY},
};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use payments::{EventId, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt;

const PARK: &str = "park an event";
const TRIES: u32 = 6;
/// For how long a parked event is kept, in days.
const KEPT_DAYS: i64 = 90;
/// The largest body that is kept; DynamoDB's items end at 400 KB.
const BODY_MAX_BYTES: usize = 350 * 1024;
/// The longest text that is kept of what an event says of itself, in characters.
const TEXT_MAX_CHARS: usize = 255;

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
    /// When Stripe made it, if that could be read: the same in every delivery.
    pub created_at: Option<Timestamp>,
    /// When it came.
    pub received_at: Timestamp,
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

impl Store {
    /// Keeps an event for 90 days. An event that is parked already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`]; parking it again is safe.
    pub async fn park(&self, event: &ParkedEvent) -> Result<(), StoreError> {
        let item = parked_item(event);
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let put = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(item.clone()))
                .condition_expression(format!("attribute_not_exists({PARTITION_KEY})"));
            let Err(error) = put.send().await else { return Ok(()) };
            match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => return Ok(()),
                Some(PutItemError::TransactionConflictException(_)) if backoff.again().await => {}
                _ => return Err(StoreError::from_sdk(PARK, error)),
            }
        }
    }
}

/// Filed under the day on which Stripe made the event, so that a redelivery after midnight finds it.
fn parked_item(event: &ParkedEvent) -> Item {
    let digest = || format!("sha256:{}", hex::encode(Sha256::digest(&event.body)));
    let id = event.event_id.as_ref().map_or_else(digest, ToString::to_string);
    let day = event.created_at.unwrap_or(event.received_at).date();
    let expires_at = event.received_at.plus_seconds(KEPT_DAYS * 86_400);
    let item = NewItem::new(Key::parked(&day, &id), kind::PARKED_EVENT)
        .text("event_id", id)
        .optional_text("event_type", event.event_type.as_deref().map(shortened))
        .text("reason", shortened(&event.reason))
        .text("received_at", event.received_at)
        .number("body_bytes", event.body.len())
        .number("expires_at", expires_at.seconds());
    if event.body.len() > BODY_MAX_BYTES { item } else { item.bytes("body", &event.body) }.build()
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_MAX_CHARS).collect()
}
