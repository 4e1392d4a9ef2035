//! Freezes what the flows of the golden tests stored and told: `RELEASE_FIXTURES=<version>` names the release. A file that
//! exists stays as it is.

use super::{
    checksum, folder, rare_events::rare_events, rare_items::rare_items, rare_payments::rare_payments,
    rare_states::rare_states,
};
use black_box::{App, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

/// A text of this form can be one of a few that the code knows, such as a status.
fn is_word(text: &str) -> bool {
    (3..40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// The release that is being frozen.
fn release() -> Option<String> {
    env::var("RELEASE_FIXTURES").ok().filter(|version| !version.is_empty())
}

/// Freezes items of every kind. The terms of a frozen payment are frozen, too, since it is read with them.
pub(crate) async fn freeze_items(apps: impl Iterator<Item = &App>) {
    let Some(version) = release() else { return };
    let mut items = rare_items().await;
    items.extend(rare_payments().await);
    items.extend(rare_states().await);
    for app in apps {
        items.extend(app.table_with_counts().await);
    }
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    // One flow plants a payment that is not one.
    for item in items.into_iter().filter(|item| item["state"]["S"] != "nonsense") {
        kinds.entry(text(&item["type"], "S").to_owned()).or_default().push(item);
    }
    let mut payments = BTreeSet::new();
    for (kind, items) in kinds {
        let is_needed = |item: &Value| kind == "payment_terms" && payments.contains(text(&item["PK"], "S"));
        let frozen = freeze(&version, "items", &kind, covering(items, is_needed, item_features));
        if kind == "payment" {
            payments.extend(frozen.iter().map(|item| text(&item["PK"], "S").to_owned()));
        }
    }
}

/// Freezes the published events by type, and the schemas that they have.
pub(crate) async fn freeze_events(mut told: BTreeMap<String, Vec<Value>>) {
    let Some(version) = release() else { return };
    for (detail_type, detail) in rare_events().await {
        told.entry(detail_type).or_default().push(detail);
    }
    for (detail_type, details) in told {
        freeze(&version, "events", &detail_type, covering(details, |_| false, json_features));
        freeze(&version, "event-schemas", &detail_type, vec![black_box::event_schema(&detail_type)]);
    }
}

/// Writes a file unless it exists, with its line in the list of checksums. Returns what the file has.
fn freeze(version: &str, part: &str, name: &str, values: Vec<Value>) -> Vec<Value> {
    let folder = folder(version);
    let path = folder.join(part).join(format!("{name}.json"));
    if let Ok(frozen) = fs::read_to_string(&path) {
        return serde_json::from_str(&frozen).expect("a list");
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, format!("{:#}\n", Value::from(values.clone()))).expect("written");
    add_checksum(&folder, &format!("{part}/{name}.json"));
    values
}

fn add_checksum(folder: &Path, name: &str) {
    let list = folder.join(super::CHECKSUMS);
    let known = fs::read_to_string(&list).unwrap_or_default();
    let mut lines: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    lines.retain(|line| !line.ends_with(&format!("  {name}")));
    lines.insert(format!("{}  {name}", checksum(&folder.join(name))));
    let mut lines: Vec<String> = lines.into_iter().collect();
    lines.sort_by_key(|line| line.split("  ").nth(1).map(str::to_owned));
    fs::write(list, lines.join("\n") + "\n").expect("written");
}

/// Some of the values, which have every feature that any of them has.
fn covering(
    mut values: Vec<Value>,
    is_needed: impl Fn(&Value) -> bool,
    features: fn(&Value) -> BTreeSet<String>,
) -> Vec<Value> {
    values.sort_by_cached_key(|value| {
        (!is_needed(value), usize::MAX - features(value).len(), value.to_string())
    });
    values.dedup();
    let mut covered = BTreeSet::new();
    values.retain(|value| {
        let before = covered.len();
        covered.extend(features(value));
        is_needed(value) || covered.len() > before
    });
    values
}

/// The attributes of an item with their types, at every depth, and the words in it.
fn item_features(item: &Value) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    map_features(item, "", &mut features);
    features
}

fn map_features(map: &Value, path: &str, features: &mut BTreeSet<String>) {
    for (name, value) in map.as_object().into_iter().flatten() {
        let name = if name.contains(|c: char| c.is_ascii_digit()) { "<id>" } else { name };
        attribute_features(value, &format!("{path}.{name}"), features);
    }
}

fn attribute_features(attribute: &Value, path: &str, features: &mut BTreeSet<String>) {
    let Some((kind, value)) = attribute.as_object().and_then(|typed| typed.iter().next()) else { return };
    match kind.as_str() {
        "M" => map_features(value, path, features),
        "L" => {
            let elements = value.as_array().into_iter().flatten();
            elements.for_each(|element| attribute_features(element, &format!("{path}[]"), features));
        }
        _ => word(value, path, features),
    }
    features.insert(format!("{path}: {kind}"));
}

/// The fields of a JSON value with their types, at every depth, and the words in it.
fn json_features(value: &Value) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    field_features(value, "", &mut features);
    features
}

fn field_features(value: &Value, path: &str, features: &mut BTreeSet<String>) {
    let fields = value.as_object().into_iter().flatten();
    fields.for_each(|(name, value)| field_features(value, &format!("{path}.{name}"), features));
    let elements = value.as_array().into_iter().flatten();
    elements.for_each(|element| field_features(element, &format!("{path}[]"), features));
    word(value, path, features);
    features.insert(format!("{path}: {}", if value.is_null() { "null" } else { "value" }));
}

fn word(value: &Value, path: &str, features: &mut BTreeSet<String>) {
    // Names of people have three letters here.
    let word = value.as_str().filter(|text| is_word(text) && (text.len() > 3 || *text == "won"));
    features.extend(word.map(|word| format!("{path} = {word}")));
}
