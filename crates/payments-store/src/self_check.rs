//! Checks what a function may do with the table, without changing anything.
//!
//! A policy that lacks a permission shows only when the permission is used, and some are used once in a month. A new
//! version therefore tries each before it gets requests.

use crate::{
    Store, StoreError,
    due_index::{DUE_INDEX, DUE_SHARD},
    keys::{Item, Key, PARTITION_KEY},
    payment_lists::LISTED_IN,
};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem, Update};
use std::fmt;

const CHECK: &str = "check its permissions";
/// The end of the keys that are tried. No item has them.
const NO_ITEM: &str = "SELF_CHECK";

/// Something that a function may do with the table. A text is a key of its policy: a partition key, or a beginning and `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Get,
    BatchGet,
    Scan,
    Query(&'static str),
    QueryIndex(&'static str),
    Put(&'static str),
    Update(&'static str),
}

/// What a function may not do, though it is made for it.
#[derive(Debug, thiserror::Error)]
pub struct AccessRefused(Vec<(Access, StoreError)>);

impl fmt::Display for AccessRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = self.0.iter().map(|(access, error)| format!("{access:?}: {error}"));
        f.write_str(&refused.collect::<Vec<_>>().join("; "))
    }
}

impl Store {
    /// Tries each access: a read reads nothing, and a write has a condition that fails, in a transaction as all writes are.
    /// Then it tries all writes in one transaction.
    ///
    /// # Errors
    /// [`AccessRefused`] names each access that is not allowed or did not succeed.
    pub async fn check_access(&self, access: &[Access]) -> Result<(), AccessRefused> {
        let mut refused = Vec::new();
        for access in access {
            if let Err(error) = self.check_one(*access).await {
                refused.push((*access, error));
            }
        }
        let is_write = |access: &Access| matches!(access, Access::Put(_) | Access::Update(_));
        if let (true, Some(first)) = (refused.is_empty(), access.iter().copied().find(is_write))
            && let Err(error) = self.check_writes(access).await
        {
            refused.push((first, error));
        }
        if refused.is_empty() { Ok(()) } else { Err(AccessRefused(refused)) }
    }

    async fn check_one(&self, access: Access) -> Result<(), StoreError> {
        match access {
            Access::Get => {
                let get = self
                    .client
                    .get_item()
                    .table_name(&self.table)
                    .set_key(Some(no_item("PAYMENT#*", NO_ITEM)));
                Box::pin(get.send()).await.map(drop).map_err(|error| StoreError::from_sdk(CHECK, error))
            }
            Access::BatchGet => {
                let keys = KeysAndAttributes::builder().keys(no_item("PAYMENT#*", NO_ITEM)).build();
                let keys = keys.map_err(StoreError::unbuildable)?;
                let get = self.client.batch_get_item().request_items(&self.table, keys);
                Box::pin(get.send()).await.map(drop).map_err(|error| StoreError::from_sdk(CHECK, error))
            }
            Access::Scan => {
                let scan = self.client.scan().table_name(&self.table).limit(1);
                Box::pin(scan.send()).await.map(drop).map_err(|error| StoreError::from_sdk(CHECK, error))
            }
            Access::Query(partition) => self.check_query(None, PARTITION_KEY, &of_no_item(partition)).await,
            Access::QueryIndex(index) => {
                let name = if index == DUE_INDEX { DUE_SHARD } else { LISTED_IN };
                self.check_query(Some(index), name, NO_ITEM).await
            }
            Access::Put(_) | Access::Update(_) => self.check_writes(&[access]).await,
        }
    }

    async fn check_query(&self, index: Option<&str>, name: &str, value: &str) -> Result<(), StoreError> {
        let query = self.client.query().table_name(&self.table).set_index_name(index.map(str::to_owned));
        let query = query.key_condition_expression("#key = :none").expression_attribute_names("#key", name);
        let query = query.expression_attribute_values(":none", AttributeValue::S(value.to_owned())).limit(1);
        Box::pin(query.send()).await.map(drop).map_err(|error| StoreError::from_sdk(CHECK, error))
    }

    /// Tries the writes among these in one transaction.
    async fn check_writes(&self, access: &[Access]) -> Result<(), StoreError> {
        let actions =
            access.iter().filter_map(|access| self.write_of_nothing(*access)).collect::<Result<_, _>>()?;
        // The conditions fail, since there is no such item: the write is allowed.
        self.write_all(CHECK, actions).await.map(drop)
    }

    /// A write on the condition that there is an item under a key that no item has.
    fn write_of_nothing(&self, access: Access) -> Option<Result<TransactWriteItem, StoreError>> {
        let exists = format!("attribute_exists({PARTITION_KEY})");
        let built = match access {
            Access::Put(partition) => {
                let put = Put::builder().table_name(&self.table).set_item(Some(no_item(partition, NO_ITEM)));
                let put = put.condition_expression(exists).build();
                put.map(|put| TransactWriteItem::builder().put(put).build())
            }
            Access::Update(partition) => {
                // A transaction has one action for each item.
                let key = no_item(partition, "SELF_CHECK#UPDATE");
                let update = Update::builder().table_name(&self.table).set_key(Some(key));
                let update = update.update_expression("SET checked = :yes").condition_expression(exists);
                let update = update.expression_attribute_values(":yes", AttributeValue::Bool(true)).build();
                update.map(|update| TransactWriteItem::builder().update(update).build())
            }
            Access::Get | Access::BatchGet | Access::Scan | Access::Query(_) | Access::QueryIndex(_) => {
                return None;
            }
        };
        Some(built.map_err(StoreError::unbuildable))
    }
}

/// A partition key as a policy has it, of which there is no item.
fn of_no_item(partition: &str) -> String {
    partition.strip_suffix('*').map_or_else(|| partition.to_owned(), |start| format!("{start}{NO_ITEM}"))
}

/// The key of no item, in a partition as a policy has it.
fn no_item(partition: &str, sk: &str) -> Item {
    Key { pk: of_no_item(partition), sk: sk.to_owned() }.attributes()
}
