//! Payments, which are recorded once and read consistently.

use crate::{
    Cause, Counted, Store, StoreError, Stored,
    backoff::Backoff,
    keys::Key,
    payment_items::{read_payment, state_item, terms_item},
    sender_usage::Scopes,
    transaction::{Condition, Failure, Sent, TRIES},
};
use payments::{Payment, PaymentId, SenderLimits, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const RECORD: &str = "record a payment";
/// The payment's items come first in the transaction that records it.
const PAYMENT_ITEMS: usize = 2;
const CONTENTION: StoreError = StoreError::Unavailable { operation: RECORD, cause: Cause::Contention };

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
        let new = Stored { value: payment.clone(), version: 1 };
        let mut actions = vec![
            self.put(state_item(&new)?, Condition::AbsentElseReturned)?,
            self.put(terms_item(payment)?, Condition::AbsentElseReturned)?,
        ];
        actions.extend(self.count_sent(&scopes, payment, counted.at)?);
        let mut backoff = Backoff::tries(TRIES);
        let failures = loop {
            match self.send(RECORD, actions.clone()).await? {
                Sent::Done => return Ok(RecordedWithin::limits(Recorded::New(new))),
                Sent::Failed(failures) => break failures,
                Sent::Busy if backoff.again().await => {}
                Sent::Busy => return self.recorded_by_others(payment, counted, &scopes).await,
            }
        };
        if failures.iter().any(|failure| failure.place < PAYMENT_ITEMS) {
            return self.earlier(payment.id(), failures).await.map(RecordedWithin::limits);
        }
        let until = scopes.refused_until(failures, PAYMENT_ITEMS, terms.chosen, counted.at)?;
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
        let payment_keys = Key::items_of_payment(payment.id());
        let mut found = self.find(scopes.keys().cloned().chain(payment_keys)).await?;
        if let Some(earlier) = found.take_payment(payment.id())? {
            return Ok(RecordedWithin::limits(Recorded::Earlier(earlier)));
        }
        let usages = scopes.usages(&mut found)?;
        let until = counted.limits.refuse_until(&usages, payment.terms.chosen, counted.at);
        until.map(|until| RecordedWithin::None { until }).ok_or(CONTENTION)
    }

    /// Records a new payment without counting it, unless a payment with its id exists.
    ///
    /// # Errors
    /// [`StoreError`]; the payment may be recorded, and recording it again is safe.
    pub async fn record_payment(&self, payment: &Payment) -> Result<Recorded, StoreError> {
        let limits = SenderLimits::default();
        let uncounted = Counted { limits: &limits, address: None, at: payment.terms.created_at };
        match self.record_payment_within(payment, &uncounted).await? {
            RecordedWithin::Limits(recorded) => Ok(*recorded),
            RecordedWithin::None { .. } => Err(CONTENTION),
        }
    }

    /// Returns the existing payment, from the answers of the failed conditions or else by reading it.
    async fn earlier(&self, id: &PaymentId, failures: Vec<Failure>) -> Result<Recorded, StoreError> {
        let mut items = failures.into_iter().filter_map(|failure| Some((failure.place, failure.old?)));
        let earlier = match (items.next(), items.next()) {
            (Some((0, state)), Some((1, terms))) => Some(read_payment(state, Some(terms))?),
            _ => self.payment(id).await?,
        };
        earlier.map(Recorded::Earlier).ok_or(CONTENTION)
    }

    /// Reads a payment consistently.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<Stored<Payment>>, StoreError> {
        self.find(Key::items_of_payment(id)).await?.take_payment(id)
    }

    /// Reads payments consistently; one that is not in this table is `None`. One that this release cannot read is left
    /// out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payments(
        &self,
        ids: &BTreeSet<PaymentId>,
    ) -> Result<BTreeMap<PaymentId, Option<Stored<Payment>>>, StoreError> {
        let mut found = self.find(ids.iter().flat_map(Key::items_of_payment)).await?;
        Ok(ids.iter().filter_map(|id| Some((id.clone(), found.take_payment(id).ok()?))).collect())
    }
}
