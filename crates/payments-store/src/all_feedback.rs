//! All feedback in one order. It is filed by wave, so that a wave's report reads no other; a page of all takes the newest of
//! each wave, which are as few as operators make them.

use crate::{
    Page, Store, StoreError, Stored,
    feedback::{READ, is_feedback_id, read_feedback},
    keys::{FEEDBACK, Item, Key, SORT_KEY, feedback_partition},
    list_pages::{cursor_at, start_key},
};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use payments::{Feedback, Timestamp};
use std::collections::{BTreeMap, btree_map::Entry};

/// The number of queries at once.
const SIDE_BY_SIDE: usize = 10;

impl Store {
    /// Reads up to `limit` (at least 1) pieces of all feedback after `cursor`, ordered by the time of their subject, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn all_feedback(
        &self,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<Stored<Feedback>>, StoreError> {
        let before = cursor.map(|cursor| start_key(cursor, FEEDBACK, is_feedback_id)).transpose()?;
        let limit = usize::from(limit.max(1));
        let waves = self.wave_names().await?;
        let partitions: Vec<String> =
            std::iter::once(None).chain(waves.iter().map(Some)).map(feedback_partition).collect();
        let mut newest = BTreeMap::new();
        for some in partitions.chunks(SIDE_BY_SIDE) {
            let queries =
                some.iter().map(|partition| self.newest_feedback(partition, before.as_ref(), limit + 1));
            for item in try_join_all(queries).await?.into_iter().flatten() {
                keep_latest(&mut newest, item);
            }
        }
        let more = newest.len() > limit;
        let items: Vec<(String, Item)> = newest.into_iter().rev().take(limit).collect();
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|(sk, _)| cursor_at(FEEDBACK, sk));
        let items = items.into_iter().map(|(_, item)| item).collect();
        Ok(Page { items, next_cursor, unreadable: 0 }.read(read_feedback))
    }

    async fn newest_feedback(
        &self,
        partition: &str,
        before: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let mut query = self.query_partition(partition.to_owned());
        if let Some(before) = before {
            query = query
                .key_condition_expression(format!(
                    "{} = :partition AND {SORT_KEY} < :before",
                    crate::PARTITION_KEY
                ))
                .expression_attribute_values(":before", AttributeValue::S(before.sk.clone()));
        }
        let query = query.scan_index_forward(false).limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        Ok(answer.items.unwrap_or_default())
    }
}

/// Keeps one of two items with one sort key: a user's general feedback of a day, given again after they changed waves.
fn keep_latest(newest: &mut BTreeMap<String, Item>, item: Item) {
    let Some(key) = Key::of(&item) else { return };
    match newest.entry(key.sk) {
        Entry::Vacant(free) => drop(free.insert(item)),
        Entry::Occupied(mut known) if given_at(&item) > given_at(known.get()) => drop(known.insert(item)),
        Entry::Occupied(_) => {}
    }
}

fn given_at(item: &Item) -> Option<Timestamp> {
    read_feedback(item.clone()).ok().map(|stored| stored.value.given_at)
}
