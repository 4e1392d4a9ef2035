//! The shape of the table's items: for each kind, every attribute that an item of it has, with its DynamoDB type.
//!
//! A document that is stored as JSON is shown in its parts. Keys that are ids are shown as `<id>`, and those that are classes of
//! balance transactions as `<class>`: which hour has which depends on the time. The counts are left out, for they follow the
//! table's stream at their own time.

use black_box::{Goldens, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Attributes whose parts depend on the time: which hours a run and a day have sums of, and whether two pieces of news fell in one
/// second, so that the intent was retrieved.
const OF_THE_TIME: [&str; 2] = ["sums", "source"];

/// The shapes of the items seen so far, by kind.
#[derive(Default)]
pub(super) struct Shapes(BTreeMap<String, Value>);

impl Shapes {
    pub(super) fn add(&mut self, items: &[Value]) {
        for item in items {
            let kind = text(&item["type"], "S").to_owned();
            merge(self.0.entry(kind).or_insert_with(|| json!({})), shape_of_map(item));
        }
    }

    pub(super) fn hold(self) {
        let mut goldens = Goldens::of("items");
        self.0.iter().for_each(|(kind, shape)| goldens.golden(kind, shape));
        let kinds = goldens.hold();
        assert!(kinds.len() > 10, "{kinds:?}");
    }
}

/// `{"S": "usd"}` becomes `"S"`; what is inside a map or a list is shown.
fn shape(value: &Value) -> Value {
    let typed = value.as_object().and_then(|typed| typed.iter().next());
    match typed {
        Some((kind, inner)) if kind == "M" => shape_of_map(inner),
        Some((kind, inner)) if kind == "L" => {
            let mut of_all = Value::Null;
            inner.as_array().into_iter().flatten().for_each(|item| merge(&mut of_all, shape(item)));
            json!([of_all])
        }
        Some((kind, _)) => json!(kind),
        None => Value::Null,
    }
}

fn shape_of_map(map: &Value) -> Value {
    let mut shapes = json!({});
    for (name, value) in map.as_object().into_iter().flatten() {
        let value = if OF_THE_TIME.contains(&name.as_str()) { json!("M") } else { shape(value) };
        let name = match name {
            id if is_id(id) => "<id>",
            _ if value.get("booked").is_some() => "<class>",
            name => name,
        };
        merge(&mut shapes, json!({name: value}));
    }
    shapes
}

/// Names of attributes are words; ids of Stripe's and ours have digits.
fn is_id(name: &str) -> bool {
    name.contains(|letter: char| letter.is_ascii_digit())
}

/// Takes what `other` has in addition. Of several types, each is shown once, in order of their names.
fn merge(shape: &mut Value, other: Value) {
    match (&mut *shape, other) {
        (_, Value::Null) => {}
        (Value::Null, other) => *shape = other,
        (known, other) if is_either(known) || is_either(&other) => {
            for option in options(&other) {
                let mut all = options(known);
                let is_alike = |one: &&mut Value| **one == option || (one.is_object() && option.is_object());
                match all.iter_mut().find(is_alike) {
                    Some(alike) => merge(alike, option),
                    None => all.push(option),
                }
                all.sort_by_key(Value::to_string);
                *known = json!({"either": all});
            }
        }
        (Value::Object(known), Value::Object(other)) => {
            for (name, value) in other {
                merge(known.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(known), Value::Array(mut other)) => {
            if let (Some(known), Some(other)) = (known.first_mut(), other.pop()) {
                merge(known, other);
            }
        }
        (known, other) if *known == other => {}
        (known, other) => {
            let mut both = [known.clone(), other];
            both.sort_by_key(Value::to_string);
            *shape = json!({"either": both});
        }
    }
}

fn is_either(shape: &Value) -> bool {
    shape["either"].is_array()
}

fn options(shape: &Value) -> Vec<Value> {
    shape["either"].as_array().cloned().unwrap_or_else(|| vec![shape.clone()])
}
