//! The counts of what senders send, by day. Only these items are updated in place: senders behind one address write at
//! the same time, and none of them may lose a race for the count.

use crate::{
    Store, StoreError,
    consistent_reads::Found,
    item::kind,
    keys::{Item, Key},
    transaction::Failure,
};
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use payments::{
    AddressId, CreatorId, Currency, Money, Payment, ScopeLimits, SenderLimits, Timestamp, Usage, Usages,
    UserId,
};
use std::collections::HashMap;

/// The number of seconds for which a count is kept after its day.
const KEPT_AFTER_S: i64 = 86_400;

const PAYMENTS: &str = "payments";
const HOUR: &str = "hour_";
const AMOUNT: &str = "amount_";

/// The limits that count a payment, with the request's address and time.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// A scope without a limit is not counted.
    pub limits: &'a SenderLimits,
    /// `None` if the request's address is unknown.
    pub address: Option<&'a AddressId>,
    /// The time whose day and hour the payment counts in.
    pub at: Timestamp,
}

/// The counts of one payment that have a limit.
pub(crate) struct Scopes<'a> {
    sender: Scope<'a>,
    sender_and_creator: Scope<'a>,
    address: Scope<'a>,
}

/// One count; `None` if it has no limit.
type Scope<'a> = Option<(Key, &'a ScopeLimits)>;

impl<'a> Counted<'a> {
    pub(crate) fn scopes(&self, sender: &UserId, creator: &CreatorId) -> Scopes<'a> {
        let limits = self.limits;
        let day = self.at.date();
        let limited = |limits: &'a ScopeLimits, key| (!limits.is_none()).then_some((key, limits));
        Scopes {
            sender: limited(&limits.sender, Key::sender_day(sender, &day)),
            sender_and_creator: limited(
                &limits.sender_and_creator,
                Key::sender_and_creator_day(sender, creator, &day),
            ),
            address: self
                .address
                .and_then(|address| limited(&limits.address, Key::address_day(address, &day))),
        }
    }
}

impl<'a> Scopes<'a> {
    fn all(&self) -> impl Iterator<Item = &(Key, &'a ScopeLimits)> {
        [&self.sender, &self.sender_and_creator, &self.address].into_iter().flatten()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.all().map(|(key, _)| key)
    }

    pub(crate) fn usages(&self, found: &mut Found) -> Result<Usages, StoreError> {
        let mut usage = |scope: &Scope<'_>| read_usage(scope.as_ref().and_then(|(key, _)| found.take(key)));
        Ok(Usages {
            sender: usage(&self.sender)?,
            sender_and_creator: usage(&self.sender_and_creator)?,
            address: usage(&self.address)?,
        })
    }

    /// Returns the end of the limits whose conditions failed; `first` is the index of the first count. A failure
    /// without a count does not show whether the day's limit is reached, so the result is the next hour.
    pub(crate) fn refused_until(
        &self,
        failures: Vec<Failure>,
        first: usize,
        more: Money,
        at: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let limits: Vec<&ScopeLimits> = self.all().map(|(_, limits)| *limits).collect();
        let mut until = at.next_hour();
        for failure in failures {
            let usage = read_usage(failure.old)?;
            let limits = failure.place.checked_sub(first).and_then(|place| limits.get(place));
            until =
                until.max(limits.and_then(|limits| limits.refuse_until(&usage, more, at)).unwrap_or(until));
        }
        Ok(until)
    }
}

impl Store {
    /// Makes the actions that add a payment to its counts, each on the condition that no limit is exceeded.
    pub(crate) fn count_sent(
        &self,
        scopes: &Scopes<'_>,
        payment: &Payment,
        at: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let more = payment.terms.chosen;
        scopes.all().map(|(key, limits)| self.count_sent_in(key.clone(), limits, more, at)).collect()
    }

    fn count_sent_in(
        &self,
        key: Key,
        limits: &ScopeLimits,
        more: Money,
        at: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let (hour, amount) = (hour_attribute(at), amount_attribute(more.currency()));
        let below = |name: &str, limit| format!("(attribute_not_exists({name}) OR {name} < {limit})");
        let mut values = HashMap::from([
            (":type".to_owned(), AttributeValue::S(kind::USAGE.to_owned())),
            (":expires_at".to_owned(), number(at.next_day().plus_seconds(KEPT_AFTER_S).seconds())),
            (":one".to_owned(), number(1)),
            (":more".to_owned(), number(more.amount())),
        ]);
        let mut conditions = Vec::new();
        if let Some(limit) = limits.per_hour {
            conditions.push(below(&hour, ":per_hour"));
            values.insert(":per_hour".to_owned(), number(limit));
        }
        if let Some(limit) = limits.per_day {
            conditions.push(below(PAYMENTS, ":per_day"));
            values.insert(":per_day".to_owned(), number(limit));
        }
        if let Some(limit) = limits.amount_per_day(more.currency()) {
            let room = limit.saturating_sub(more.amount());
            // An amount above the limit does not fit even as the day's first.
            let first = if room < 0 { "" } else { &format!("attribute_not_exists({amount}) OR ") };
            conditions.push(format!("({first}{amount} <= :room)"));
            values.insert(":room".to_owned(), number(room));
        }
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression(format!(
                "SET #type = :type, expires_at = :expires_at ADD {PAYMENTS} :one, {hour} :one, {amount} :more"
            ))
            .expression_attribute_names("#type", "type")
            .set_expression_attribute_values(Some(values))
            .set_condition_expression((!conditions.is_empty()).then(|| conditions.join(" AND ")))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(StoreError::unbuildable)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// Names the hour's attribute with two digits, so that a day's hours sort in order.
fn hour_attribute(at: Timestamp) -> String {
    format!("{HOUR}{:02}", at.hour())
}

fn amount_attribute(currency: Currency) -> String {
    format!("{AMOUNT}{currency}")
}

fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Reads a count, which is zero without an item.
pub(crate) fn read_usage(item: Option<Item>) -> Result<Usage, StoreError> {
    let mut usage = Usage::default();
    for (name, value) in item.into_iter().flatten() {
        if name == PAYMENTS {
            usage.payments = parsed(&value, PAYMENTS)?;
        } else if let Some(hour) = name.strip_prefix(HOUR) {
            let hour = hour.parse().map_err(|_| corrupt(HOUR))?;
            usage.by_hour.insert(hour, parsed(&value, HOUR)?);
        } else if let Some(code) = name.strip_prefix(AMOUNT) {
            let currency = Currency::parse(code).map_err(|_| corrupt(AMOUNT))?;
            usage.amounts.insert(currency, parsed(&value, AMOUNT)?);
        }
    }
    Ok(usage)
}

fn parsed<T: std::str::FromStr>(value: &AttributeValue, field: &'static str) -> Result<T, StoreError> {
    value.as_n().ok().and_then(|text| text.parse().ok()).ok_or(corrupt(field))
}

fn corrupt(field: &'static str) -> StoreError {
    StoreError::corrupt(kind::USAGE, field)
}
