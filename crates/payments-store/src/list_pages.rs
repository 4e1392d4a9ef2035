//! Lists, page by page.

use crate::{
    Store, StoreError,
    keys::{Item, Key, PARTITION_KEY},
};
use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use payments::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The number of bytes of a cursor that bind it to its list.
const TAG_BYTES: usize = 8;

/// One page of a list, with the cursor of the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one. Callers return it unchanged.
    pub next_cursor: Option<String>,
    /// How many items are left out because this release cannot read them.
    #[serde(skip_serializing_if = "is_zero")]
    pub unreadable: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl<T> Page<T> {
    /// Converts each item.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, next_cursor, unreadable } = self;
        Page { items: items.into_iter().map(convert).collect(), next_cursor, unreadable }
    }
}

impl Page<Item> {
    /// Reads each item, and leaves out those that this release cannot read.
    pub(crate) fn read<T>(self, read: impl Fn(Item) -> Result<T, StoreError>) -> Page<T> {
        let found = self.items.len();
        let items: Vec<T> = self.items.into_iter().filter_map(|item| read(item).ok()).collect();
        let unreadable = u32::try_from(found - items.len()).unwrap_or(u32::MAX);
        Page { items, next_cursor: self.next_cursor, unreadable: self.unreadable.saturating_add(unreadable) }
    }
}

impl Store {
    /// Reads up to `limit` (at least 1) items of a partition consistently after `cursor`, in descending order of the
    /// sort key, which is a time and an id.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub(crate) async fn last_first<T>(
        &self,
        operation: &'static str,
        partition: String,
        limit: u8,
        cursor: Option<&str>,
        is_id: fn(&str) -> bool,
        read: fn(Item) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let start = cursor.map(|cursor| start_key(cursor, &partition, is_id)).transpose()?;
        let limit = usize::from(limit.max(1));
        let query = self
            .query_partition(partition)
            .set_exclusive_start_key(start.map(Key::attributes))
            .scan_index_forward(false)
            // One item more than `limit` shows whether there is a next page.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(operation, error))?;
        let mut items = answer.items.unwrap_or_default();
        let more = items.len() > limit || answer.last_evaluated_key.is_some();
        items.truncate(limit);
        let last = items.last().and_then(Key::of).filter(|_| more);
        let next_cursor = last.map(|key| cursor_at(&key.pk, &key.sk));
        Ok(Page { items, next_cursor, unreadable: 0 }.read(read))
    }

    /// Makes a consistent query for the items of a partition.
    pub(crate) fn query_partition(&self, partition: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .key_condition_expression(format!("{PARTITION_KEY} = :partition"))
            .expression_attribute_values(":partition", AttributeValue::S(partition))
            .consistent_read(true)
    }
}

/// Makes a cursor from a list's identity and a position in the list. The list itself always comes from the caller, so no cursor,
/// forged or not, leads to another list; the tag detects a cursor of another list, and one that was changed.
#[must_use]
pub fn cursor_at(list: &str, position: &str) -> String {
    let mut bytes = tag(list, position).to_vec();
    bytes.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads the position of a cursor of this list.
///
/// # Errors
/// [`StoreError::InvalidCursor`] for anything else.
pub fn position_in(cursor: &str, list: &str) -> Result<String, StoreError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (head, position) = bytes.split_at_checked(TAG_BYTES)?;
        let position = String::from_utf8(position.to_vec()).ok()?;
        (head == tag(list, &position)).then_some(position)
    };
    read().ok_or(StoreError::InvalidCursor)
}

pub(crate) fn start_key(cursor: &str, partition: &str, is_id: fn(&str) -> bool) -> Result<Key, StoreError> {
    let sk = position_in(cursor, partition)?;
    let is_position = sk.split_once('#').is_some_and(|(time, id)| {
        Timestamp::parse(time).is_ok_and(|parsed| parsed.to_string() == time) && is_id(id)
    });
    if is_position { Ok(Key { pk: partition.to_owned(), sk }) } else { Err(StoreError::InvalidCursor) }
}

/// A position contains no line break, which separates it from the list.
fn tag(list: &str, position: &str) -> [u8; TAG_BYTES] {
    let digest = Sha256::digest(format!("{position}\n{list}"));
    std::array::from_fn(|at| digest[at])
}
