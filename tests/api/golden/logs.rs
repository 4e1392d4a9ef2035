//! The lines that the functions log: who logs them, at which level, with which fields.

use crate::contract::{read, rust_files};
use black_box::{Goldens, Logged};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines that the main paths do not come to, and why.
const ELSEWHERE: [(&str, &str); 12] = [
    ("the self-check passed", "no route asks for it"),
    ("the self-check failed", "no route asks for it"),
    ("gives way to an operator's request", "the schedule and an operator would have to meet in one moment"),
    ("the platform's balance is too low", "Stripe would have to refuse a transfer for want of balance"),
    ("the next scheduled run continues", "the schedule's own run, which has no route"),
    ("reconciled", "the schedule's own run, which has no route"),
    ("an account is not looked at again in time", "Stripe would have to take four seconds"),
    ("Stripe contradicts what is known", "Stripe would have to change what an id stands for"),
    ("an item is left out of the reconciliation", "a later release would have to write to the table"),
    ("an item that counting needs cannot be read", "a later release would have to write to the table"),
    ("an older secret stays in use", "Secrets Manager would have to be unavailable"),
    (
        "Stripe refuses a link into a creator's dashboard",
        "Stripe would have to refuse what it gives every onboarded account",
    ),
];

/// Compares what was logged, each crate's lines in a file of their own.
pub(super) fn hold(logged: &[Logged]) {
    let ours = ours();
    let mut lines: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
    for logged in logged.iter().filter(|logged| ours.contains_key(&logged.by)) {
        let text = |field: &str| logged.line[field].as_str().expect("a text").to_owned();
        // What follows a colon is of the case.
        let message =
            text("message").split_once(':').map_or(text("message"), |(message, _)| message.to_owned());
        let fields = logged.line.as_object().expect("an object").keys().cloned();
        lines.entry((logged.by.clone(), message, text("level"))).or_default().extend(fields);
    }
    let reached: BTreeSet<String> = lines.keys().map(|(_, message, _)| message.clone()).collect();
    let mut by_crate: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for ((by, message, level), fields) in lines {
        let line = json!({"message": message, "level": level, "fields": fields});
        by_crate.entry(by).or_default().push(line);
    }
    let mut goldens = Goldens::of("logs");
    by_crate.into_iter().for_each(|(by, lines)| goldens.golden(&by, &lines.into()));
    goldens.hold();
    every_line_is_reached(&ours, &reached);
}

fn every_line_is_reached(ours: &BTreeMap<String, PathBuf>, reached: &BTreeSet<String>) {
    let written: BTreeSet<String> = ours.values().flat_map(|sources| messages(sources)).collect();
    let elsewhere = ELSEWHERE.map(|(message, _)| message);
    let reached: BTreeSet<&str> = reached.iter().map(String::as_str).chain(elsewhere).collect();
    let missed: Vec<_> = written.iter().filter(|message| !reached.contains(message.as_str())).collect();
    assert!(missed.is_empty(), "no path comes to {missed:?}");
}

/// The crates that are deployed, and where their sources are.
fn ours() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = ["functions", "crates"].map(|part| fs::read_dir(root.join(part)).expect("a directory"));
    let crates = crates.into_iter().flatten().map(|entry| entry.expect("an entry"));
    let named =
        crates.map(|entry| (entry.file_name().to_string_lossy().replace('-', "_"), entry.path().join("src")));
    named.filter(|(name, _)| name != "local" && name != "stripe_stand_in").collect()
}

/// The messages of all lines that the sources of a directory can log, up to a colon.
fn messages(sources: &Path) -> Vec<String> {
    let text = rust_files(sources).into_iter().map(read);
    text.flat_map(|text| {
        let written = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        let lines = ["info", "warn", "error"].map(|level| format!("tracing::{level}!("));
        let calls = lines.iter().flat_map(|line| written.split(line.as_str()).skip(1));
        calls.filter_map(message).collect::<Vec<_>>()
    })
    .collect()
}

/// The last text of a call.
fn message(call: &str) -> Option<String> {
    // A call ends its statement or its closure's value; its arguments may hold calls themselves.
    let end = call.match_indices(')').map(|(end, _)| end).find(|end| {
        let inside = &call[..*end];
        inside.matches('(').count() == inside.matches(')').count()
    })?;
    let arguments = &call[..end];
    let message = arguments.trim_end().trim_end_matches(',').strip_suffix('"')?.rsplit_once('"')?.1;
    Some(message.split_once(':').map_or(message, |(message, _)| message).to_owned())
}
