//! What released versions stored and told (`tests/released/README.md`). The store's own tests read the items.

mod event_schemas;
mod freezing;
mod rare_events;
mod rare_items;
mod rare_payments;
mod rare_states;

pub(crate) use event_schemas::{broken_promises, frozen_schemas};
pub(crate) use freezing::{freeze_events, freeze_items};

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The list of a release's files with their hashes, as `sha256sum --check` reads it.
const CHECKSUMS: &str = "SHA256SUMS";

fn released() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("released")
}

fn folder(version: &str) -> PathBuf {
    released().join(version)
}

fn checksum(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    hex::encode(Sha256::digest(bytes))
}

/// The names of what is in a folder.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The versions with a folder.
fn versions() -> BTreeSet<String> {
    let mut versions = names_in(&released());
    versions.retain(|name| folder(name).is_dir());
    versions
}

/// The released versions, newest first.
fn changelog() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../CHANGELOG.md");
    let text = fs::read_to_string(path).expect("a changelog");
    let number = |line: &str| Some(line.strip_prefix("## ")?.split_once(" — ")?.0.to_owned());
    text.lines().filter_map(number).collect()
}

#[test]
fn every_release_is_frozen() {
    let missing: Vec<String> =
        changelog().into_iter().filter(|version| !versions().contains(version)).collect();
    assert_eq!(missing, [] as [String; 0], "RELEASE_FIXTURES=<version> freezes one");
}

#[test]
fn what_is_frozen_never_changes() {
    for version in versions() {
        let folder = folder(&version);
        let list = fs::read_to_string(folder.join(CHECKSUMS)).expect("a list of hashes");
        let mut named = BTreeSet::new();
        for line in list.lines() {
            let (hash, name) = line.split_once("  ").expect("a hash and a name");
            assert_eq!(checksum(&folder.join(name)), hash, "{version}/{name} was edited");
            named.insert(name.to_owned());
        }
        let files = ["event-schemas", "events", "items"].into_iter().flat_map(|part| {
            names_in(&folder.join(part)).into_iter().map(move |name| format!("{part}/{name}"))
        });
        let mut all: BTreeSet<String> = files.collect();
        all.insert("words.json".to_owned());
        assert_eq!(all, named, "{version}");
    }
}
