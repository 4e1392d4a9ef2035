//! The JSON Schema of each event (`infra/event-schemas`), and what in an event differs from it.

use payments::Timestamp;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The words of JSON Schema that say nothing about a value.
const ANNOTATIONS: [&str; 4] = ["$id", "$schema", "description", "title"];

/// Where the schemas are.
#[must_use]
pub fn event_schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/event-schemas")
}

/// The schema of a type of event.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn event_schema(detail_type: &str) -> Value {
    let path = event_schemas().join(format!("{detail_type}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// What in a value differs from its schema, or is not described; empty if nothing does.
///
/// # Panics
/// When the schema has a word that this does not know.
#[must_use]
pub fn schema_violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "$", &mut found);
    found
}

fn check(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (word, rule) in schema.as_object().expect("a schema") {
        let holds = match word.as_str() {
            "type" => types(rule).iter().any(|name| is_of(value, name)),
            "const" => value == rule,
            "enum" => rule.as_array().expect("a list").contains(value),
            "minimum" => value.as_i64().is_none_or(|number| Some(number) >= rule.as_i64()),
            "maximum" => value.as_i64().is_none_or(|number| rule.as_i64().is_some_and(|most| number <= most)),
            "format" if rule == "date-time" => {
                value.as_str().is_none_or(|text| Timestamp::parse(text).is_ok())
            }
            "required" => {
                let missing = |name: &&Value| value.get(name.as_str().expect("a name")).is_none();
                !value.is_object() || !rule.as_array().expect("names").iter().any(|name| missing(&name))
            }
            "properties" => {
                properties(rule, value, place, found);
                true
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.for_each(|(at, item)| check(rule, item, &format!("{place}[{at}]"), found));
                true
            }
            other => {
                assert!(ANNOTATIONS.contains(&other), "{place}: the word {other} is not known here");
                true
            }
        };
        if !holds {
            found.push(format!("{place}: {value} is not {word} {rule}"));
        }
    }
}

fn properties(described: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        match described.get(name) {
            Some(schema) => check(schema, value, &format!("{place}.{name}"), found),
            None => found.push(format!("{place}.{name} is not described")),
        }
    }
}

fn types(rule: &Value) -> Vec<&str> {
    rule.as_array().map_or_else(
        || rule.as_str().into_iter().collect(),
        |names| names.iter().filter_map(Value::as_str).collect(),
    )
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_that_differs_in_any_way_is_found() {
        let schema = json!({
            "type": "object",
            "required": ["n", "at"],
            "properties": {
                "n": {"type": ["integer", "null"], "minimum": 0},
                "at": {"type": "string", "format": "date-time"},
                "kind": {"enum": ["a", "b"]},
                "list": {"type": "array", "items": {"type": "string"}},
            },
        });
        let at = "2026-11-25T20:15:00.000Z";
        let good = json!({"n": null, "at": at, "kind": "a", "list": ["x"]});
        assert_eq!(schema_violations(&schema, &good), [] as [String; 0]);
        for bad in [
            json!([]),
            json!({"n": 1}),
            json!({"n": -1, "at": at}),
            json!({"n": "1", "at": at}),
            json!({"n": 1, "at": "yesterday"}),
            json!({"n": 1, "at": at, "kind": "c"}),
            json!({"n": 1, "at": at, "list": [1]}),
            json!({"n": 1, "at": at, "more": 1}),
        ] {
            assert_eq!(schema_violations(&schema, &bad).len(), 1, "{bad}");
        }
    }
}
