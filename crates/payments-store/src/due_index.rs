//! The due index: payments that need attention, by time.
//!
//! The index is sparse: a payment's item has the index's keys only while something is due, so finished payments cost
//! nothing. Its partition key is sharded, so that all new payments together do not overload one partition.

use crate::{
    Store, StoreError,
    item::kind,
    keys::{Item, Key, PARTITION_KEY},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{PaymentId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The name of the index, as in the table's template.
pub const DUE_INDEX: &str = "due";
/// The number of shards of the index; they are numbered from 0.
pub const DUE_SHARDS: u8 = 16;
/// The index's partition key.
pub(crate) const DUE_SHARD: &str = "due_shard";
/// The index's sort key.
pub(crate) const DUE_AT: &str = "due_at";

const READ: &str = "read what is due";

/// A position in one shard of the index, after this payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueCursor {
    pub due_at: Timestamp,
    pub payment_id: PaymentId,
}

impl Store {
    /// Reads up to `limit` (at least 1) payments of a shard that are due at `until` after `after`, the longest due
    /// first, and returns where to continue if there may be more.
    ///
    /// The index lags slightly behind the table, so callers read each payment itself before they decide anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due(
        &self,
        shard: u8,
        until: Timestamp,
        limit: u16,
        after: Option<&DueCursor>,
    ) -> Result<(Vec<DueCursor>, Option<DueCursor>), StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression(format!("{DUE_SHARD} = :shard AND {DUE_AT} <= :until"))
            .expression_attribute_values(":shard", AttributeValue::S(due_partition(shard)))
            .expression_attribute_values(":until", AttributeValue::S(until.to_string()))
            .set_exclusive_start_key(after.map(|after| start_key(shard, after)))
            .limit(i32::from(limit.max(1)));
        let answer = Box::pin(query.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let found = answer.items.unwrap_or_default();
        let found = found.iter().map(read_place).collect::<Result<Vec<_>, _>>()?;
        let next = answer.last_evaluated_key.as_ref().map(read_place).transpose()?;
        Ok((found, next))
    }
}

/// Returns a payment's shard, which never changes; payments spread evenly over the shards.
pub(crate) fn due_shard(payment: &PaymentId) -> u8 {
    Sha256::digest(payment.as_str())[0] % DUE_SHARDS
}

pub(crate) fn due_partition(shard: u8) -> String {
    format!("DUE#{shard}")
}

fn start_key(shard: u8, after: &DueCursor) -> Item {
    let mut key = Key::payment(&after.payment_id).attributes();
    key.insert(DUE_SHARD.to_owned(), AttributeValue::S(due_partition(shard)));
    key.insert(DUE_AT.to_owned(), AttributeValue::S(after.due_at.to_string()));
    key
}

/// Reads a position; the index has only keys, and the payment's id is in the partition key of the table.
fn read_place(item: &Item) -> Result<DueCursor, StoreError> {
    let text = |name: &str| Some(item.get(name)?.as_s().ok()?.as_str());
    let read = || {
        Some(DueCursor {
            due_at: Timestamp::parse(text(DUE_AT)?).ok()?,
            payment_id: PaymentId::parse(text(PARTITION_KEY)?.strip_prefix("PAYMENT#")?).ok()?,
        })
    };
    read().ok_or(StoreError::corrupt(kind::PAYMENT, DUE_AT))
}
