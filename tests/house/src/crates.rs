//! Arrows between crates point one way: a crate knows only crates of a lower layer (docs/ARCHITECTURE.md).

use crate::sources::root;
use std::collections::BTreeMap;
use std::fs;

/// The deployed crates from the bottom; those of one layer do not know each other.
const LAYERS: [&[&str]; 5] = [
    &["payments"],
    &["payments-events", "payments-store", "payments-stripe"],
    &["payments-services"],
    &["payments-bookkeeping"],
    &["payments-http"],
];

#[test]
fn a_crate_knows_only_crates_of_lower_layers() {
    let mut wrong = Vec::new();
    for (name, known) in dependencies() {
        let Some(layer) = layer_of(&name) else { continue };
        for other in known {
            if layer_of(&other).is_none_or(|below| below >= layer) {
                wrong.push(format!("{name} → {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_stand_in_knows_nothing_of_payments() {
    assert_eq!(dependencies()["stripe-stand-in"], Vec::<String>::new());
}

/// The functions are above every layer; what is not deployed is on none.
fn layer_of(name: &str) -> Option<usize> {
    let listed = LAYERS.iter().position(|layer| layer.contains(&name));
    listed.or_else(|| root().join("functions").join(name).is_dir().then_some(LAYERS.len()))
}

/// Each crate below `crates` and `functions`, with the crates of this workspace that it is built of.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let manifests = ["crates", "functions"].iter().flat_map(|folder| {
        fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path())
    });
    let mut found: BTreeMap<String, Vec<String>> = manifests
        .map(|folder| {
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            (name, used_by(&manifest))
        })
        .collect();
    let ours: Vec<String> = found.keys().cloned().collect();
    for known in found.values_mut() {
        known.retain(|name| ours.contains(name));
    }
    assert!(ours.len() > 12, "the crates are looked for in the wrong place");
    found
}

/// The names in a manifest's `[dependencies]`.
fn used_by(manifest: &str) -> Vec<String> {
    let section = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    section
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}
