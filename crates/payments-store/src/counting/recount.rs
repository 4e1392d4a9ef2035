//! Reads every counted item of the table, page by page, for a recount.

use super::CountedItem;
use crate::{
    Store, StoreError,
    consistent_reads::Found,
    feedback::read_feedback,
    item::kind,
    keys::{FEEDBACK, Item, Key, PARTITION_KEY, RECEIVER, SORT_KEY, STATE},
    payment_items::read_payment,
    receivers::read_known,
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::Policy;

const READ: &str = "read every counted item";

/// One page of the table's counted items.
#[derive(Debug)]
pub struct CountedPage {
    pub items: Vec<CountedItem>,
    /// The number of items that cannot be read.
    pub unreadable: u64,
    /// The cursor of the next page, if there may be one. Callers return it unchanged.
    pub next_cursor: Option<String>,
}

impl Store {
    /// Reads the counted items among up to `limit` items of the table consistently, after `cursor`.
    ///
    /// All pages together are the whole table. A write during the scan may be missing, but it is in the stream.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an invalid cursor; otherwise any [`StoreError`].
    pub async fn counted_page(
        &self,
        cursor: Option<&str>,
        limit: u16,
        policy: &Policy,
    ) -> Result<CountedPage, StoreError> {
        let corrupt = StoreError::corrupt(kind::RECONCILIATION, "cursor");
        let start = cursor.map(|cursor| position(cursor).ok_or(corrupt)).transpose()?;
        let scan = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression(format!(
                "{SORT_KEY} = :state OR {SORT_KEY} = :receiver OR begins_with({PARTITION_KEY}, :feedback)"
            ))
            .expression_attribute_values(":state", AttributeValue::S(STATE.to_owned()))
            .expression_attribute_values(":receiver", AttributeValue::S(RECEIVER.to_owned()))
            .expression_attribute_values(":feedback", AttributeValue::S(FEEDBACK.to_owned()))
            .set_exclusive_start_key(start.map(Key::attributes))
            .consistent_read(true)
            .limit(i32::from(limit.max(1)));
        let answer = Box::pin(scan.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let mut page = CountedPage {
            items: Vec::new(),
            unreadable: 0,
            next_cursor: answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| cursor_at(&key)),
        };
        let items = answer.items.unwrap_or_default();
        let states = items.iter().filter_map(Key::of).filter(Key::is_state);
        let mut terms = self.find(states.map(Key::terms_beside)).await?;
        for item in items {
            match counted(item, &mut terms, policy) {
                Ok(item) => page.items.extend(item),
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(page)
    }
}

fn counted(item: Item, terms: &mut Found, policy: &Policy) -> Result<Option<CountedItem>, StoreError> {
    let Some(key) = Key::of(&item) else { return Ok(None) };
    Ok(match key.family() {
        "PAYMENT" => Some(CountedItem::of_payment(&read_payment(item, terms.take(&key.terms_beside()))?)),
        "CREATOR" => Some(CountedItem::of_receiver(&read_known(item)?, policy)),
        "FEEDBACK" => Some(CountedItem::of_feedback(&read_feedback(item)?)),
        _ => None,
    })
}

/// Makes a cursor from a key, which never contains a line break.
fn cursor_at(key: &Key) -> String {
    format!("{}\n{}", key.pk, key.sk)
}

fn position(cursor: &str) -> Option<Key> {
    let (pk, sk) = cursor.split_once('\n')?;
    Some(Key { pk: pk.to_owned(), sk: sk.to_owned() })
}
