//! DynamoDB's update expressions, as far as the store uses them: `SET` of values, and `ADD` of integers.

use super::Item;
use super::expression::number;
use serde_json::{Map, Value, json};

/// The item after an update of the present one, or of a new one that has its key alone.
pub(super) fn updated(request: &Map<String, Value>, old: Option<&Item>) -> Item {
    let key = || request["Key"].as_object().cloned().expect("a key");
    let mut item = old.cloned().unwrap_or_else(key);
    let text = request["UpdateExpression"].as_str().expect("an update is a text");
    let (sets, adds) = clauses(text);
    for set in sets {
        let (name, value) = set.split_once('=').unwrap_or_else(|| panic!("cannot read {set:?}"));
        item.insert(named(request, name.trim()), valued(request, value.trim()).clone());
    }
    for add in adds {
        let (name, value) = add.split_once(' ').unwrap_or_else(|| panic!("cannot read {add:?}"));
        let name = named(request, name);
        let sum = item.get(&name).map_or(0, integer) + integer(valued(request, value.trim()));
        item.insert(name, json!({"N": sum.to_string()}));
    }
    item
}

/// `SET …, … ADD …, …`, each clause once and in this order.
fn clauses(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (set, add) = text.split_once(" ADD ").unwrap_or((text, ""));
    let set = set.strip_prefix("SET ").unwrap_or_else(|| panic!("cannot read {text:?}"));
    (parts(set), parts(add))
}

fn parts(list: &str) -> Vec<&str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn named(request: &Map<String, Value>, name: &str) -> String {
    if !name.starts_with('#') {
        return name.to_owned();
    }
    request["ExpressionAttributeNames"][name].as_str().expect("a placeholder has a name").to_owned()
}

fn valued<'a>(request: &'a Map<String, Value>, placeholder: &str) -> &'a Value {
    assert!(placeholder.starts_with(':'), "the simulated table sets placeholders only: {placeholder:?}");
    &request["ExpressionAttributeValues"][placeholder]
}

fn integer(value: &Value) -> i128 {
    number(value).unwrap_or_else(|| panic!("the simulated table adds integers only: {value}"))
}
