//! The due index: payments that still need attention, by when.
//!
//! It is sparse: a payment's item carries the index's keys only while something is due, so that finished payments
//! cost nothing. Its partition key is sharded, so that all new payments together do not melt one partition.

use crate::{
    Store, StoreError,
    item::kind,
    keys::{Item, Key, PARTITION_KEY},
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{PaymentId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The index's name.
pub const DUE_INDEX: &str = "due";
/// How many shards the index has; they are numbered from 0.
pub const DUE_SHARDS: u8 = 16;
/// The index's partition key.
pub(crate) const DUE_SHARD: &str = "due_shard";
/// The index's sort key.
pub(crate) const DUE_AT: &str = "due_at";

const READ: &str = "read what is due";

/// A place in one shard of the index: behind this payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueCursor {
    /// When it was due.
    pub due_at: Timestamp,
    /// The payment.
    pub payment_id: PaymentId,
}

impl Store {
    /// Up to `limit` (at least 1) payments of a shard that are due at `until`, the longest due first, from behind
    /// `after` on; and where to go on, if there may be more.
    ///
    /// The index follows the table at a small distance: read each payment itself before deciding anything.
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

/// The shard of a payment: the same for ever, and evenly spread.
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

/// The index holds keys alone; the payment's id is in the table's.
fn read_place(item: &Item) -> Result<DueCursor, StoreError> {
    let text = |name: &str| Some(item.get(name)?.as_s().ok()?.as_str());
    let read = || {
        Some(DueCursor {
            due_at: Timestamp::parse(text(DUE_AT)?).ok()?,
            payment_id: PaymentId::parse(text(PARTITION_KEY)?.strip_prefix("PAYMENT#")?).ok()?,
        })
    };
    read().ok_or(StoreError::Corrupt { kind: kind::PAYMENT, field: DUE_AT })
}
