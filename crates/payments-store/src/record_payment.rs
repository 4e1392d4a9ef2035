//! Payments, which are recorded once and read consistently.

use crate::{
    Cause, Counted, Store, StoreError, Stored,
    backoff::Backoff,
    due_index::{DUE_AT, DUE_SHARD, due_partition, due_shard},
    item::{NewItem, kind, read},
    keys::{Item, Key, PARTITION_KEY},
    sender_usage::Scopes,
    transaction::{Condition, Sent, TRIES as TRANSACTION_TRIES},
};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use payments::{Contribution, Payment, PaymentId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const RECORD: &str = "record a payment";
const READ: &str = "read a payment";
/// The attribute that is `yes` on payments that the reader of the table's stream needs. The template's filter drops the
/// other payments, most of which only wait for a card, and it can test only top-level attributes.
const TO_TELL: &str = "to_tell";
/// The tries of a put that conflicts with a transaction on the same payment.
const TRIES: u32 = 6;

/// The outcome of recording a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    New(Stored<Payment>),
    /// A payment with this id exists and stays unchanged. It may come from an earlier try of the same request whose
    /// answer was lost.
    Earlier(Stored<Payment>),
}

/// The outcome of recording a payment within its sender's limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedWithin {
    /// It is recorded and counted; or it exists already and is not counted again.
    Limits(Box<Recorded>),
    /// It would exceed a limit; nothing is recorded or counted.
    None {
        /// The end of the limits that refuse it.
        until: Timestamp,
    },
}

impl RecordedWithin {
    fn limits(recorded: Recorded) -> Self {
        Self::Limits(Box::new(recorded))
    }
}

impl Store {
    /// Records a new payment and counts it for its sender in one transaction, unless the payment exists or exceeds a
    /// limit. An existing payment takes precedence, so a repeated request is never counted.
    ///
    /// # Errors
    /// [`StoreError`]; the payment may be recorded, and recording it again is safe.
    pub async fn record_payment_within(
        &self,
        payment: &Payment,
        counted: &Counted<'_>,
    ) -> Result<RecordedWithin, StoreError> {
        let terms = &payment.terms;
        let scopes = counted.scopes(&terms.sender, &terms.creator);
        if scopes.is_empty() {
            return self.record_payment(payment).await.map(RecordedWithin::limits);
        }
        let new = Stored { value: payment.clone(), version: 1 };
        let mut actions = vec![self.put(payment_item(&new)?, Condition::AbsentElseReturned)?];
        actions.extend(self.count_sent(&scopes, payment, counted.at)?);
        let mut backoff = Backoff::tries(TRANSACTION_TRIES);
        let mut failures = loop {
            match self.send(RECORD, actions.clone()).await? {
                Sent::Done => return Ok(RecordedWithin::limits(Recorded::New(new))),
                Sent::Failed(failures) => break failures,
                Sent::Busy if backoff.again().await => {}
                Sent::Busy => return self.recorded_by_others(payment, counted, &scopes).await,
            }
        };
        if let Some(at) = failures.iter().position(|failure| failure.place == 0) {
            let old = failures.swap_remove(at).old;
            return self.earlier(payment.id(), old).await.map(RecordedWithin::limits);
        }
        let until = scopes.refused_until(failures, 1, terms.chosen, counted.at)?;
        Ok(RecordedWithin::None { until })
    }

    /// Decides about a payment that met other transactions in every try. They are payments of the same sender or
    /// address, which may have reached a limit, or the same payment.
    async fn recorded_by_others(
        &self,
        payment: &Payment,
        counted: &Counted<'_>,
        scopes: &Scopes<'_>,
    ) -> Result<RecordedWithin, StoreError> {
        let key = Key::payment(payment.id());
        let mut found = self.find(scopes.keys().cloned().chain([key.clone()])).await?;
        if let Some(item) = found.take(&key) {
            return Ok(RecordedWithin::limits(Recorded::Earlier(read_payment(item)?)));
        }
        let usages = scopes.usages(&mut found)?;
        let until = counted.limits.refuse_until(&usages, payment.terms.chosen, counted.at);
        let contention = StoreError::Unavailable { operation: RECORD, cause: Cause::Contention };
        until.map(|until| RecordedWithin::None { until }).ok_or(contention)
    }

    /// Records a new payment without counting it, unless a payment with its id exists.
    ///
    /// # Errors
    /// [`StoreError`]; the payment may be recorded, and recording it again is safe.
    pub async fn record_payment(&self, payment: &Payment) -> Result<Recorded, StoreError> {
        let new = Stored { value: payment.clone(), version: 1 };
        let item = self.new_item(payment_item(&new)?);
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let put = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(item.clone()))
                .condition_expression(format!("attribute_not_exists({PARTITION_KEY})"))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            let Err(error) = Box::pin(put.send()).await else { return Ok(Recorded::New(new)) };
            match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    return self.earlier(payment.id(), failed.item().cloned()).await;
                }
                Some(PutItemError::TransactionConflictException(_)) if backoff.again().await => {}
                _ => return Err(StoreError::from_sdk(RECORD, error)),
            }
        }
    }

    /// Returns the existing payment, from the failed condition's answer or else by reading it.
    async fn earlier(&self, id: &PaymentId, item: Option<Item>) -> Result<Recorded, StoreError> {
        let earlier = match item {
            Some(item) => Some(read_payment(item)?),
            None => self.payment(id).await?,
        };
        earlier
            .map(Recorded::Earlier)
            .ok_or(StoreError::Unavailable { operation: RECORD, cause: Cause::Contention })
    }

    /// Reads a payment consistently.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<Stored<Payment>>, StoreError> {
        let item = self.find_one(READ, Key::payment(id)).await?;
        item.map(read_payment).transpose()
    }

    /// Reads payments consistently, a hundred in a batch; one that is not in this table is `None`. One that this release
    /// cannot read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payments(
        &self,
        ids: &BTreeSet<PaymentId>,
    ) -> Result<BTreeMap<PaymentId, Option<Stored<Payment>>>, StoreError> {
        let read = |item: Option<Item>| item.map(read_payment).transpose().ok();
        self.find_each(ids, Key::payment, read).await
    }
}

/// Makes a payment's item, with the attributes for people and indexes at the top level.
pub(crate) fn payment_item(stored: &Stored<Payment>) -> Result<NewItem, StoreError> {
    let payment = &stored.value;
    let terms = &payment.terms;
    let due_at = payment.due_at();
    let to_tell = payment.state.is_terminal() || Contribution::of_payment(payment).is_some();
    NewItem::new(Key::payment(payment.id()), kind::PAYMENT)
        .number("version", stored.version)
        .text("payment_id", payment.id())
        .text("sender_id", &terms.sender)
        .text("creator_id", &terms.creator)
        .number("amount", terms.chosen.amount())
        .number("processing_fee", terms.fee())
        .number("total", terms.parameters.total.amount())
        .text("currency", terms.chosen.currency())
        .value("status", &payment.status())?
        .text("created_at", terms.created_at)
        .optional_text("stripe_payment_intent_id", payment.state.intent.as_ref())
        .optional_text(DUE_SHARD, due_at.map(|_| due_partition(due_shard(payment.id()))))
        .optional_text(DUE_AT, due_at)
        .optional_text(TO_TELL, to_tell.then_some("yes"))
        .value("terms", terms)?
        .value("state", &payment.state)
}

pub(crate) fn read_payment(mut item: Item) -> Result<Stored<Payment>, StoreError> {
    let version = read(&mut item, kind::PAYMENT, "version")?;
    let terms = read(&mut item, kind::PAYMENT, "terms")?;
    let state = read(&mut item, kind::PAYMENT, "state")?;
    Ok(Stored { value: Payment { terms: Box::new(terms), state }, version })
}
