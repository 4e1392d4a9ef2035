//! Items of the table as plain values.

use crate::table::Item;
use payments::{Entry, Payment};
use serde_json::{Value, json};

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?["S"].as_str()
}

pub(super) fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?["N"].as_str()?.parse().ok()
}

/// A payment's row as the domain's type.
pub(super) fn payment(row: &Item) -> Result<Payment, String> {
    let field = |name: &str| row.get(name).map(plain).unwrap_or_default();
    serde_json::from_value(json!({"terms": field("terms"), "state": field("state")}))
        .map_err(|error| format!("a payment's row cannot be read: {error}"))
}

/// A ledger entry's row.
pub(super) fn entry(row: &Item) -> Result<Entry, String> {
    let field = |name: &str| row.get(name).map(plain).unwrap_or_default();
    serde_json::from_value(json!({"id": field("entry_id"), "postings": field("postings")}))
        .map_err(|error| format!("an entry's row cannot be read: {error}"))
}

/// An attribute without DynamoDB's types.
pub(super) fn plain(attribute: &Value) -> Value {
    let Some((kind, value)) = attribute.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(digits)) => serde_json::from_str(digits).unwrap_or_default(),
        ("L", Value::Array(list)) => list.iter().map(plain).collect(),
        ("M", Value::Object(map)) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        ("NULL", _) => Value::Null,
        _ => value.clone(),
    }
}
