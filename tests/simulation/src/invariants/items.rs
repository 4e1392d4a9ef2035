//! Items of the table as plain values.

use crate::table::{Item, Table};
use payments::{Entry, Payment};
use serde_json::{Value, json};

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?["S"].as_str()
}

pub(super) fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?["N"].as_str()?.parse().ok()
}

/// The payment of a partition, from its two rows.
pub(super) fn payment(table: &Table, pk: &str) -> Result<Payment, String> {
    let field = |row: &str, name: &str| table.row(pk, row).and_then(|row| row.get(name)).map(plain);
    let state = field("STATE", "state").ok_or_else(|| format!("{pk} has no state"))?;
    let terms = field("TERMS", "terms").ok_or_else(|| format!("{pk} has no terms"))?;
    serde_json::from_value(json!({"terms": terms, "state": state}))
        .map_err(|error| format!("{pk} cannot be read: {error}"))
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
