//! Events stay readable for who reads them by the schema of any release: fields and types of events are added, never taken
//! away.

use super::{folder, names_in, versions};
use black_box::{event_schema, schema_violations};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// Fields that no event has: a dispute that has ended has no deadline.
const NEVER_SET: [(&str, &str); 1] = [("DisputeClosed.json", "due_by")];

/// The one value, or the values, in a frozen file.
fn frozen(version: &str, part: &str, file: &str) -> Vec<Value> {
    let path = folder(version).join(part).join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("a list")
}

/// The frozen schemas of a type of event, by release.
pub(crate) fn frozen_schemas(detail_type: &str) -> Vec<(String, Value)> {
    let file = format!("{detail_type}.json");
    let has_it = |version: &String| folder(version).join("event-schemas").join(&file).exists();
    let schema = |version: String| (version.clone(), frozen(&version, "event-schemas", &file).remove(0));
    versions().into_iter().filter(has_it).map(schema).collect()
}

/// What in an event breaks a schema for a consumer who ignores fields that it does not describe.
pub(crate) fn broken_promises(schema: &Value, event: &Value) -> Vec<String> {
    let mut violations = schema_violations(schema, event);
    violations.retain(|violation| !violation.ends_with(" is not described"));
    violations
}

/// What a consumer by the schema `old` cannot rely on any more under `new`.
fn taken_away(old: &Value, new: &Value, place: &str, found: &mut Vec<String>) {
    let names = |schema: &Value, word: &str| -> BTreeSet<String> {
        let list = schema[word].as_array().cloned().unwrap_or_else(|| vec![schema[word].clone()]);
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (old_required, new_required) = (names(old, "required"), names(new, "required"));
    found.extend(old_required.difference(&new_required).map(|name| format!("{place}.{name} may be missing")));
    let new_types = names(new, "type");
    let old_types = names(old, "type");
    if !old_types.is_empty() {
        found.extend(new_types.difference(&old_types).map(|kind| format!("{place} may be {kind}")));
        found.extend(new_types.is_empty().then(|| format!("{place} may be anything")));
    }
    for word in ["const", "minimum", "maximum", "format"] {
        found.extend((old.get(word) != new.get(word)).then(|| format!("{place}: {word} differs")));
    }
    if old.get("enum").is_some() {
        let gone = names(old, "enum").difference(&names(new, "enum")).cloned().collect::<Vec<_>>();
        found.extend(gone.iter().map(|value| format!("{place} is never {value} any more")));
        found.extend(new.get("enum").is_none().then(|| format!("{place} may be anything")));
    }
    for (name, old) in old["properties"].as_object().into_iter().flatten() {
        match new["properties"].get(name) {
            Some(new) => taken_away(old, new, &format!("{place}.{name}"), found),
            None => found.push(format!("{place}.{name} is gone")),
        }
    }
    if let Some(old) = old.get("items") {
        taken_away(old, &new["items"], &format!("{place}[]"), found);
    }
}

fn changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    taken_away(old, new, "$", &mut found);
    found
}

#[test]
fn a_schema_takes_nothing_away_that_a_release_promised() {
    for version in versions() {
        for file in names_in(&folder(&version).join("event-schemas")) {
            let detail_type = file.strip_suffix(".json").expect("a schema");
            let old = frozen(&version, "event-schemas", &file).remove(0);
            assert_eq!(changes(&old, &event_schema(detail_type)), [] as [String; 0], "{version}: {file}");
        }
    }
}

#[test]
fn every_type_of_event_is_frozen_with_each_of_its_fields_set() {
    let current: BTreeSet<String> = names_in(&black_box::event_schemas());
    let all = versions().into_iter().flat_map(|version| names_in(&folder(&version).join("event-schemas")));
    assert_eq!(all.collect::<BTreeSet<_>>(), current, "RELEASE_FIXTURES=<next version> freezes a new one");
    for version in versions() {
        for file in names_in(&folder(&version).join("event-schemas")) {
            let schema = frozen(&version, "event-schemas", &file).remove(0);
            let events = frozen(&version, "events", &file);
            for event in &events {
                assert_eq!(schema_violations(&schema, event), [] as [String; 0], "{version}: {file}");
            }
            for (name, _) in schema["properties"].as_object().expect("fields") {
                let is_set = events.iter().any(|event| !event[name].is_null());
                assert!(
                    is_set || NEVER_SET.contains(&(file.as_str(), name)),
                    "{version}: no {file} has {name}"
                );
            }
        }
    }
}

#[test]
fn an_event_of_a_release_fits_the_schema_of_today_but_for_what_was_added_since() {
    for version in versions() {
        for file in names_in(&folder(&version).join("events")) {
            let mut schema = event_schema(file.strip_suffix(".json").expect("an event"));
            schema["required"] = frozen(&version, "event-schemas", &file).remove(0)["required"].clone();
            for event in frozen(&version, "events", &file) {
                assert_eq!(broken_promises(&schema, &event), [] as [String; 0], "{version}: {file}");
            }
        }
    }
}

#[test]
fn whatever_is_taken_away_is_found() {
    let old = json!({
        "type": "object",
        "required": ["n", "kind"],
        "properties": {
            "n": {"type": "integer", "minimum": 0},
            "kind": {"enum": ["a", "b"]},
            "list": {"type": "array", "items": {"type": "string"}},
        },
    });
    let mut more = old.clone();
    more["required"] = json!(["n", "kind", "more"]);
    more["properties"]["more"] = json!({"type": "string"});
    more["properties"]["kind"]["enum"] = json!(["a", "b", "c"]);
    assert_eq!(changes(&old, &more), [] as [String; 0], "what is added takes nothing away");
    let with = |place: &str, value: Value| {
        let mut new = old.clone();
        *new.pointer_mut(place).expect("a place") = value;
        new
    };
    for less in [
        with("/required", json!(["n"])),
        with("/properties", json!({"n": old["properties"]["n"], "kind": old["properties"]["kind"]})),
        with("/properties/n/type", json!(["integer", "null"])),
        with("/properties/n/minimum", json!(-1)),
        with("/properties/kind/enum", json!(["a"])),
        with("/properties/kind", json!({"type": "string"})),
        with("/properties/list/items/type", json!("integer")),
    ] {
        assert_ne!(changes(&old, &less), [] as [String; 0], "{less}");
    }
}
