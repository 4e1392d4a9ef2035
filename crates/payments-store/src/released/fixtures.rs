//! The frozen items.

use crate::keys::Item;
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

/// An item of a release.
pub(super) struct Fixture {
    version: String,
    pub(super) kind: String,
    place: usize,
    pub(super) item: Item,
    /// The terms, where it is a payment's state.
    pub(super) terms: Option<Item>,
}

impl fmt::Display for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.version, self.kind, self.place)
    }
}

/// The names of fields and variants at each place.
type Words = BTreeMap<String, BTreeSet<String>>;

const WORDS: &str = "words.json";

/// The folders of releases.
fn folders() -> Vec<PathBuf> {
    let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/released");
    files_in(&released).into_iter().filter(|path| path.is_dir()).collect()
}

/// The names that each release knew: the release, the place, and the names there.
pub(super) fn frozen_words() -> Vec<(String, String, BTreeSet<String>)> {
    let of_release = |folder: PathBuf| {
        let words = fs::read_to_string(folder.join(WORDS)).unwrap_or_else(|_| panic!("{}", folder.display()));
        let words: Words = serde_json::from_str(&words).expect("words by place");
        words.into_iter().map(move |(place, words)| (name_of(&folder), place, words))
    };
    folders().into_iter().flat_map(of_release).collect()
}

/// Writes the names that this release knows, if `RELEASE_FIXTURES` names it and they are not there.
pub(super) fn freeze_words(words: &Words) {
    let version = env::var("RELEASE_FIXTURES").unwrap_or_default();
    for folder in folders().into_iter().filter(|folder| name_of(folder) == version) {
        let (path, list) = (folder.join(WORDS), folder.join("SHA256SUMS"));
        if !path.exists() {
            let text = format!("{:#}\n", serde_json::to_value(words).expect("JSON"));
            fs::write(&path, &text).expect("written");
            let known = fs::read_to_string(&list).expect("a list of hashes");
            let line = format!("{}  {WORDS}\n", hex::encode(Sha256::digest(&text)));
            fs::write(&list, known + &line).expect("written");
        }
    }
}

/// Every item of every release.
pub(super) fn fixtures() -> Vec<Fixture> {
    let mut all = Vec::new();
    for folder in folders() {
        let items = |path: &Path| -> Vec<Item> {
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let items: Vec<Value> = serde_json::from_str(&text).expect("a list");
            items.iter().map(attributes).collect()
        };
        let terms = items(&folder.join("items/payment_terms.json"));
        for file in files_in(&folder.join("items")) {
            let kind = name_of(&file).trim_end_matches(".json").to_owned();
            for (place, item) in items(&file).into_iter().enumerate() {
                let terms =
                    terms.iter().find(|terms| kind == "payment" && terms["PK"] == item["PK"]).cloned();
                all.push(Fixture { version: name_of(&folder), kind: kind.clone(), place, item, terms });
            }
        }
    }
    all
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn attributes(map: &Value) -> Item {
    let attributes = map.as_object().expect("a map").iter();
    attributes.map(|(name, value)| (name.clone(), attribute(value))).collect()
}

/// An attribute from DynamoDB's JSON.
fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().and_then(|typed| typed.iter().next()).expect("a typed value");
    let text = || value.as_str().expect("a text").to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).expect("base64"))),
        "BOOL" => AttributeValue::Bool(value.as_bool().expect("a boolean")),
        "NULL" => AttributeValue::Null(true),
        "L" => AttributeValue::L(value.as_array().expect("a list").iter().map(attribute).collect()),
        "M" => AttributeValue::M(attributes(value)),
        other => panic!("no item has {other}"),
    }
}
