//! The index of the lists of payments: places in them, newest first.
//!
//! The index is sparse, and its attributes stand on items that are written once: on the intent's item for the sender, on the
//! settlement's ledger entry for the creator. So a place never changes, and a payment costs two writes of the index over its
//! life (ADR 24). The places of one creator are in several partitions, because a throttled index throttles its table.

use crate::{
    Store, StoreError,
    item::kind,
    keys::{Item, received_partition, sent_partition},
};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use payments::{ListPosition, Payment, PaymentId, PaymentList, PaymentQuery, Timestamp, newest};
use sha2::{Digest, Sha256};

/// The name of the index, as in the table's template.
pub const LISTS_INDEX: &str = "lists";
/// The number of partitions of one creator's list. A partition takes a thousand writes a second, so four thousand payments of
/// one creator can settle each second: four times what the API accepts by default. A page reads each of them.
pub const RECEIVED_SHARDS: u8 = 4;
/// The index's partition key.
pub(crate) const LISTED_IN: &str = "listed_in";
/// The index's sort key.
pub(crate) const LISTED_AT: &str = "listed_at";

const READ: &str = "read a list of payments";
/// Before and after every time of the API.
const BOUNDS: [&str; 2] = ["0", "9999-12-31T23:59:59.999Z~"];

/// The place of a payment in the index.
pub(crate) struct ListPlace {
    pub(crate) partition: String,
    pub(crate) position: ListPosition,
}

impl ListPlace {
    pub(crate) fn sent(payment: &Payment) -> Self {
        let terms = &payment.terms;
        let position = ListPosition { at: terms.created_at, payment_id: payment.id().clone() };
        Self { partition: sent_partition(&terms.sender), position }
    }

    pub(crate) fn received(payment: &Payment, booked_at: Timestamp) -> Self {
        let partition = received_partition(&payment.terms.creator, shard(payment.id()));
        Self { partition, position: ListPosition { at: booked_at, payment_id: payment.id().clone() } }
    }
}

/// A payment's shard, which never changes; payments spread evenly over the shards.
fn shard(payment: &PaymentId) -> u8 {
    Sha256::digest(payment.as_str())[1] % RECEIVED_SHARDS
}

fn partitions(list: &PaymentList) -> Vec<String> {
    match list {
        PaymentList::SentBy(sender) => vec![sent_partition(sender)],
        PaymentList::ReceivedBy(creator) => {
            (0..RECEIVED_SHARDS).map(|shard| received_partition(creator, shard)).collect()
        }
    }
}

impl Store {
    /// Reads the newest `limit` places of a list before `before` within the times of the query, and says whether there are
    /// more. The index lags slightly behind the table.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn list_positions(
        &self,
        query: &PaymentQuery,
        before: Option<&ListPosition>,
        limit: usize,
    ) -> Result<(Vec<ListPosition>, bool), StoreError> {
        let parts = partitions(&query.list).into_iter();
        let parts = parts.map(|partition| self.part_of_list(partition, query, before, limit + 1));
        let parts = try_join_all(parts).await?;
        Ok(newest(parts, limit))
    }

    async fn part_of_list(
        &self,
        partition: String,
        query: &PaymentQuery,
        before: Option<&ListPosition>,
        limit: usize,
    ) -> Result<Vec<ListPosition>, StoreError> {
        let [first, last] = BOUNDS.map(str::to_owned);
        let from = query.from.map_or(first, |from| from.to_string());
        // A time alone is before the places of its time.
        let to = query.to.map_or(last, |to| to.to_string());
        let to = before.map_or(to, ListPosition::to_string);
        if from > to {
            return Ok(Vec::new());
        }
        let places = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(LISTS_INDEX)
            .key_condition_expression(format!("{LISTED_IN} = :list AND {LISTED_AT} BETWEEN :from AND :to"))
            .expression_attribute_values(":list", AttributeValue::S(partition))
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":to", AttributeValue::S(to))
            .scan_index_forward(false)
            // The place of `before` itself is among them.
            .limit(i32::try_from(limit + usize::from(before.is_some())).unwrap_or(i32::MAX));
        let answer = Box::pin(places.send()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let found = answer.items.unwrap_or_default();
        let mut places = found.iter().map(read_position).collect::<Result<Vec<_>, _>>()?;
        places.retain(|place| Some(place) != before);
        places.truncate(limit);
        Ok(places)
    }
}

fn read_position(item: &Item) -> Result<ListPosition, StoreError> {
    let text = item.get(LISTED_AT).and_then(|position| position.as_s().ok());
    text.and_then(|text| ListPosition::parse(text)).ok_or(StoreError::corrupt(kind::PAYMENT, LISTED_AT))
}
