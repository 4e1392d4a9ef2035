//! Each event has a JSON Schema that says of it what docs/EVENTS.md says. The golden events are held against it, too.

use black_box::{event_schema, event_schemas, schema_violations};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Fields that every event has, which the document describes once.
const OF_EVERY_EVENT: [&str; 3] = ["schema_version", "event_id", "occurred_at"];

/// An event as the document has it: its fields with their types, and an example.
struct Documented {
    name: String,
    fields: Vec<(String, String)>,
    example: Value,
}

fn documented() -> Vec<Documented> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/EVENTS.md");
    let document = fs::read_to_string(path).expect("docs/EVENTS.md");
    let section = |section: &str| {
        let field = |line: &str| {
            let (name, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
            Some((name.to_owned(), rest.split_once(" | ")?.0.to_owned()))
        };
        let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
        let example = serde_json::from_str(example.expect("an example")).expect("JSON");
        let name = section.lines().next().expect("a heading").to_owned();
        Documented { name, fields: section.lines().filter_map(field).collect(), example }
    };
    document.split("\n### ").skip(1).map(section).collect()
}

#[test]
fn every_documented_event_has_a_schema_that_its_example_fits() {
    let events = documented();
    let files =
        fs::read_dir(event_schemas()).expect("a folder").map(|file| file.expect("a file").file_name());
    let files: BTreeSet<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    let named: BTreeSet<String> = events.iter().map(|event| format!("{}.json", event.name)).collect();
    assert_eq!(files, named);
    for Documented { name, example, .. } in events {
        assert_eq!(schema_violations(&event_schema(&name), &example), [] as [String; 0], "{name}");
    }
}

#[test]
fn a_schema_requires_the_fields_of_the_document_and_allows_null_where_it_does() {
    for Documented { name, fields, .. } in documented() {
        let schema = event_schema(&name);
        let required = schema["required"].as_array().expect("names").iter();
        let required: Vec<&str> = required.map(|field| field.as_str().expect("a name")).collect();
        let documented = fields.iter().map(|(field, _)| field.as_str());
        assert_eq!(required, OF_EVERY_EVENT.into_iter().chain(documented).collect::<Vec<_>>(), "{name}");
        assert_eq!(schema["properties"].as_object().expect("fields").len(), required.len(), "{name}");
        for (field, kind) in &fields {
            let of_null = schema_violations(&schema["properties"][field], &Value::Null);
            assert_eq!(of_null.is_empty(), kind.ends_with(" or null"), "{name}: {field}");
        }
    }
}

#[test]
fn a_consumer_reads_an_event_with_fields_that_are_newer_than_its_schema() {
    for Documented { name, .. } in documented() {
        let schema = event_schema(&name);
        assert_eq!(schema.get("additionalProperties"), None, "{name}");
        assert_eq!(schema["$id"], format!("urn:creator-payments:event:{name}:1"));
    }
}
