//! Transactions, which write several items or none.

use crate::{
    Saved, Store, StoreError,
    backoff::Backoff,
    item::NewItem,
    keys::{Item, PARTITION_KEY},
};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use aws_smithy_runtime_api::http::Response;
use payments::Timestamp;

/// The tries of a transaction that only conflicts with another one.
pub(crate) const TRIES: u32 = 8;

/// The condition on the existing item under which a put takes place.
pub(crate) enum Condition {
    /// No condition, because the content is always the same.
    None,
    Absent,
    /// There is no item; if there is one, the answer contains it.
    AbsentElseReturned,
    /// The item has this version; version 0 means that there is no item.
    Version(u64),
    /// The item was written before its kind had versions.
    Unversioned,
    /// There is no item, or it has the same creator.
    AbsentOrCreator(String),
    /// There is no item, or its `looked_at` is not later.
    AbsentOrLookedAtBy(Timestamp),
}

/// A failed condition of one action.
pub(crate) struct Failure {
    /// The index of the action.
    pub(crate) place: usize,
    /// The existing item, if there is one and the action asks for it.
    pub(crate) old: Option<Item>,
}

/// The outcome of sending a transaction once.
pub(crate) enum Sent {
    Done,
    /// Nothing is written because these conditions failed.
    Failed(Vec<Failure>),
    /// Nothing is written because of another transaction or a throttle; it may be sent again.
    Busy,
}

impl Store {
    /// Makes a put as an action of a transaction. A put on the condition of a version keeps what this release does not
    /// know of that version.
    ///
    /// # Errors
    /// [`StoreError::LaterRelease`] when some of it would be lost.
    pub(crate) fn put(&self, item: NewItem, condition: Condition) -> Result<TransactWriteItem, StoreError> {
        let before = match condition {
            Condition::Version(version) if version > 0 => Some(version),
            Condition::Unversioned => Some(0),
            Condition::Version(_)
            | Condition::None
            | Condition::Absent
            | Condition::AbsentElseReturned
            | Condition::AbsentOrLookedAtBy(_)
            | Condition::AbsentOrCreator(_) => None,
        };
        let item = match before {
            Some(version) => self.last_read.keep(item, version)?,
            None => item.build(),
        };
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let absent = format!("attribute_not_exists({PARTITION_KEY})");
        let put = match condition {
            Condition::None => put,
            Condition::Absent | Condition::Version(0) => put.condition_expression(absent),
            Condition::AbsentElseReturned => put
                .condition_expression(absent)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld),
            Condition::Version(version) => put
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
            Condition::Unversioned => put
                .condition_expression(format!("NOT {absent} AND attribute_not_exists(#version)"))
                .expression_attribute_names("#version", "version"),
            Condition::AbsentOrCreator(creator) => put
                .condition_expression(format!("{absent} OR creator_id = :creator"))
                .expression_attribute_values(":creator", AttributeValue::S(creator)),
            Condition::AbsentOrLookedAtBy(latest) => put
                .condition_expression(format!("{absent} OR looked_at <= :latest"))
                .expression_attribute_values(":latest", AttributeValue::S(latest.to_string())),
        };
        let put = put.build().map_err(StoreError::unbuildable)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Writes all actions or none, and tries again while they only conflict with other transactions. Returns the failed
    /// conditions; an empty list means that everything is written.
    pub(crate) async fn write_all(
        &self,
        operation: &'static str,
        actions: Vec<TransactWriteItem>,
    ) -> Result<Vec<Failure>, StoreError> {
        let mut backoff = Backoff::tries(TRIES);
        loop {
            match self.send(operation, actions.clone()).await? {
                Sent::Done => return Ok(Vec::new()),
                Sent::Failed(failures) => return Ok(failures),
                Sent::Busy => backoff.lost(operation).await?,
            }
        }
    }

    /// Writes items on the condition of their versions; `version` guards the next write.
    pub(crate) async fn save_all(
        &self,
        operation: &'static str,
        actions: Vec<TransactWriteItem>,
        version: u64,
    ) -> Result<Saved, StoreError> {
        let failures = self.write_all(operation, actions).await?;
        Ok(if failures.is_empty() { Saved::Done { version } } else { Saved::Raced })
    }

    /// Does what [`Store::save_all`] does, for one item.
    pub(crate) async fn save(
        &self,
        operation: &'static str,
        item: NewItem,
        condition: Condition,
        version: u64,
    ) -> Result<Saved, StoreError> {
        self.save_all(operation, vec![self.put(item, condition)?], version).await
    }

    /// Sends a transaction once. What it writes is remembered, so that the next rewrite need not read it.
    pub(crate) async fn send(
        &self,
        operation: &'static str,
        actions: Vec<TransactWriteItem>,
    ) -> Result<Sent, StoreError> {
        let puts = actions.iter().filter_map(TransactWriteItem::put).map(Put::item);
        let written: Vec<Item> = puts.filter(|item| item.contains_key("version")).cloned().collect();
        let write = self.client.transact_write_items().set_transact_items(Some(actions));
        match Box::pin(write.send()).await {
            Ok(_) => {
                written.iter().for_each(|item| self.last_read.note(item));
                Ok(Sent::Done)
            }
            Err(error) => refused(&error).ok_or_else(|| StoreError::from_sdk(operation, error)),
        }
    }
}

/// Reads the outcome from an error; `None` means an error of another kind.
#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
fn refused(error: &SdkError<TransactWriteItemsError, Response>) -> Option<Sent> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(canceled) => {
            attempt(canceled.cancellation_reasons())
        }
        TransactWriteItemsError::TransactionInProgressException(_) => Some(Sent::Busy),
        _ => None,
    }
}

/// Reads the reasons of a cancellation, one per action in the same order. The failed conditions are complete only if no
/// action met another transaction or a throttle.
fn attempt(reasons: &[CancellationReason]) -> Option<Sent> {
    let mut failed = Vec::new();
    let mut busy = false;
    for (place, reason) in reasons.iter().enumerate() {
        match reason.code() {
            None | Some("None") => {}
            Some("ConditionalCheckFailed") => failed.push(Failure { place, old: reason.item.clone() }),
            Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded") => busy = true,
            Some(_) => return None,
        }
    }
    if busy { Some(Sent::Busy) } else { (!failed.is_empty()).then_some(Sent::Failed(failed)) }
}
