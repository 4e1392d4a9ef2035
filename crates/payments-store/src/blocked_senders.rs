//! The senders whom a creator blocks, page by page.

use crate::{
    Page, Store, StoreError,
    blocks::read_block,
    item::{kind, read},
    keys::{BLOCK, Item, Key, PARTITION_KEY, SORT_KEY, blocks_partition},
    list_pages::{cursor_at, position_in},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{CreatorId, Timestamp, UserId};

const READ: &str = "read the senders whom a creator blocks";

/// A sender whom a creator blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedSender {
    pub sender: UserId,
    pub blocked_at: Timestamp,
}

impl Store {
    /// Reads `limit` (at least 1) of a creator's blocks after `cursor`, in the order of the senders' ids, and leaves out those
    /// that have ended. A page can therefore be short, or empty, and have a next one.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn blocked_senders(
        &self,
        creator: &CreatorId,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<BlockedSender>, StoreError> {
        let partition = blocks_partition(creator);
        let list = format!("{partition} {BLOCK}");
        let start = cursor.map(|cursor| position_in(cursor, &list)).transpose()?;
        let start = start.map(|sk| Key { pk: partition.clone(), sk });
        let limit = usize::from(limit.max(1));
        let query = self
            .query_partition(partition)
            .key_condition_expression(format!(
                "{PARTITION_KEY} = :partition AND begins_with({SORT_KEY}, :prefix)"
            ))
            .expression_attribute_values(":prefix", AttributeValue::S(BLOCK.to_owned()))
            .set_exclusive_start_key(start.map(Key::attributes))
            // One item more than `limit` shows whether there is a next page.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let mut items = answer.items.unwrap_or_default();
        let more = items.len() > limit || answer.last_evaluated_key.is_some();
        items.truncate(limit);
        let last = items.last().and_then(Key::of).filter(|_| more);
        let next_cursor = last.map(|key| cursor_at(&list, &key.sk));
        let page = Page { items, next_cursor, unreadable: 0 }.read(blocked_sender);
        let Page { items, next_cursor, unreadable } = page;
        Ok(Page { items: items.into_iter().flatten().collect(), next_cursor, unreadable })
    }
}

/// Reads a block; none for one that has ended.
fn blocked_sender(mut item: Item) -> Result<Option<BlockedSender>, StoreError> {
    let sender = read(&mut item, kind::BLOCK, "sender_id")?;
    let blocked_at = read(&mut item, kind::BLOCK, "changed_at")?;
    let is_blocked = read_block(Some(item))?.value;
    Ok(is_blocked.then_some(BlockedSender { sender, blocked_at }))
}
