//! Items, which hold attributes that people can read and domain values as maps.

use crate::{
    StoreError, Stored,
    keys::{Item, Key},
    payment_lists::{LISTED_AT, LISTED_IN, ListPlace},
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};

/// The kinds of items, which the attribute `type` names.
pub(crate) mod kind {
    pub(crate) const PAYMENT: &str = "payment";
    pub(crate) const PAYMENT_TERMS: &str = "payment_terms";
    pub(crate) const LEDGER_ENTRY: &str = "ledger_entry";
    pub(crate) const INTENT: &str = "intent";
    pub(crate) const SENDER_CUSTOMER: &str = "sender_customer";
    pub(crate) const HOLD: &str = "hold";
    pub(crate) const CARD_TESTING: &str = "card_testing";
    pub(crate) const SETTLED_PAYMENT: &str = "settled_payment";
    pub(crate) const USAGE: &str = "usage";
    pub(crate) const RECEIVER: &str = "receiver";
    pub(crate) const BLOCK: &str = "block";
    pub(crate) const ACCOUNT: &str = "account";
    pub(crate) const ACCOUNT_REFRESH: &str = "account_refresh";
    pub(crate) const PAYOUT: &str = "payout";
    pub(crate) const ROLLOUT: &str = "rollout";
    pub(crate) const WAVE: &str = "wave";
    pub(crate) const LISTED_WAVE: &str = "listed_wave";
    pub(crate) const AUDIT_ENTRY: &str = "audit_entry";
    pub(crate) const FEEDBACK: &str = "feedback";
    pub(crate) const PARKED_EVENT: &str = "parked_event";
    pub(crate) const PARKED_DAY: &str = "parked_day";
    pub(crate) const RECONCILIATION: &str = "reconciliation";
    pub(crate) const PLATFORM_ENTRY: &str = "platform_entry";
    pub(crate) const STATEMENT_OPENING: &str = "statement_opening";
    pub(crate) const STATEMENT_DAY: &str = "statement_day";
    pub(crate) const OPEN_INTENT_REVIEW: &str = "open_intent_review";
    pub(crate) const MARK: &str = "mark";
    pub(crate) const TOTALS: &str = "totals";
    pub(crate) const WAVE_COUNT: &str = "wave_count";
    pub(crate) const FIRST_PAYMENT: &str = "first_payment";
}

/// An item to write, built from its key and kind on.
pub(crate) struct NewItem {
    pub(crate) kind: &'static str,
    pub(crate) item: Item,
    /// Attributes that this release knows and that the item does not have now.
    pub(crate) absent: Vec<&'static str>,
    /// The attributes that are domain values.
    pub(crate) documents: Vec<(&'static str, AsKnown)>,
}

/// Reads an attribute as its type and writes it again: the part of it that this release knows.
pub(crate) type AsKnown = fn(&AttributeValue) -> Option<AttributeValue>;

pub(crate) fn as_known<T: Serialize + DeserializeOwned>(
    attribute: &AttributeValue,
) -> Option<AttributeValue> {
    let value: T = serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value(attribute.clone()).ok()?;
    serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value).ok()
}

impl NewItem {
    pub(crate) fn new(key: Key, kind: &'static str) -> Self {
        let item = key.attributes();
        Self { kind, item, absent: Vec::new(), documents: Vec::new() }.text("type", kind)
    }

    pub(crate) fn text(self, name: &'static str, text: impl ToString) -> Self {
        self.with(name, AttributeValue::S(text.to_string()))
    }

    /// Adds a text, or no attribute for `None`.
    pub(crate) fn optional_text(self, name: &'static str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self.without(name),
        }
    }

    pub(crate) fn number(self, name: &'static str, number: impl ToString) -> Self {
        self.with(name, AttributeValue::N(number.to_string()))
    }

    pub(crate) fn flag(self, name: &'static str, flag: bool) -> Self {
        self.with(name, AttributeValue::Bool(flag))
    }

    pub(crate) fn bytes(self, name: &'static str, bytes: &[u8]) -> Self {
        self.with(name, AttributeValue::B(Blob::new(bytes)))
    }

    /// Adds a domain value as a map or list.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a value that has no form as an attribute; every domain value has one.
    pub(crate) fn value<T: Serialize + DeserializeOwned>(
        mut self,
        name: &'static str,
        value: &T,
    ) -> Result<Self, StoreError> {
        let attribute = serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value)
            .map_err(|_| StoreError::corrupt(self.kind, name))?;
        self.documents.push((name, as_known::<T>));
        Ok(self.with(name, attribute))
    }

    /// Adds a domain value, or no attribute for `None`.
    ///
    /// # Errors
    /// Those of [`NewItem::value`].
    pub(crate) fn optional_value<T: Serialize + DeserializeOwned>(
        self,
        name: &'static str,
        value: Option<&T>,
    ) -> Result<Self, StoreError> {
        match value {
            Some(value) => self.value(name, value),
            None => Ok(self.without(name)),
        }
    }

    /// Adds the payment's place in a list.
    pub(crate) fn listed(self, place: ListPlace) -> Self {
        self.text(LISTED_IN, place.partition).text(LISTED_AT, place.position)
    }

    pub(crate) fn build(self) -> Item {
        self.item
    }

    fn without(mut self, name: &'static str) -> Self {
        self.absent.push(name);
        self
    }

    fn with(mut self, name: &'static str, attribute: AttributeValue) -> Self {
        self.item.insert(name.to_owned(), attribute);
        self
    }
}

/// Reads a domain value from an attribute that may be missing.
///
/// # Errors
/// [`StoreError::Corrupt`] if the attribute exists and is not such a value.
pub(crate) fn read_optional<T: DeserializeOwned>(
    item: &mut Item,
    kind: &'static str,
    field: &'static str,
) -> Result<Option<T>, StoreError> {
    if item.contains_key(field) { read(item, kind, field).map(Some) } else { Ok(None) }
}

/// Reads a domain value with the item's version.
///
/// # Errors
/// [`StoreError::Corrupt`] if one of them is missing or not such a value.
pub(crate) fn read_stored<T: DeserializeOwned>(
    mut item: Item,
    kind: &'static str,
    field: &'static str,
) -> Result<Stored<T>, StoreError> {
    Ok(Stored { value: read(&mut item, kind, field)?, version: read(&mut item, kind, "version")? })
}

/// Reads a domain value and drops the deserializer's error, which may quote content.
///
/// # Errors
/// [`StoreError::Corrupt`] if the attribute is missing or not such a value.
pub(crate) fn read<T: DeserializeOwned>(
    item: &mut Item,
    kind: &'static str,
    field: &'static str,
) -> Result<T, StoreError> {
    let attribute = item.remove(field);
    attribute
        .and_then(|attribute| serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value(attribute).ok())
        .ok_or_else(|| {
            let key = Key::of(item).map(|key| key.for_operators()).unwrap_or_default();
            StoreError::Corrupt { kind, field, key }
        })
}
