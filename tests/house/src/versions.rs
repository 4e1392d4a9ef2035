//! One version number everywhere: that of the newest release in CHANGELOG.md.

use crate::sources::root;
use std::fs;

/// What a file's first line with this beginning says behind it, without quotes and commas.
fn version_in(file: &str, beginning: &str) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let line = text.lines().find_map(|line| line.strip_prefix(beginning));
    let rest = line.unwrap_or_else(|| panic!("no line of {file} begins with {beginning:?}"));
    rest.split_whitespace().next().unwrap_or_default().trim_matches(['"', ',']).to_owned()
}

#[test]
fn every_version_number_is_that_of_the_newest_release() {
    let newest = {
        let text = fs::read_to_string(root().join("CHANGELOG.md")).expect("CHANGELOG.md");
        let mut headings = text.lines().filter_map(|line| line.strip_prefix("## "));
        assert_eq!(headings.next(), Some("Unreleased"), "what comes next has its place");
        let heading = headings.next().expect("a release").to_owned();
        let (version, day) = heading.split_once(" — ").expect("a version and its day");
        assert_eq!(day.len(), "2026-11-30".len(), "{heading}");
        version.to_owned()
    };
    for (file, beginning) in [
        ("Cargo.toml", "version = "),
        ("infra/openapi.yaml", "  version: "),
        ("clients/typescript/package.json", "  \"version\": "),
        ("clients/typescript/package-lock.json", "  \"version\": "),
    ] {
        assert_eq!(version_in(file, beginning), newest, "{file}");
    }
}

#[test]
fn the_way_to_the_newest_release_is_in_the_table_of_upgrades() {
    let newest = version_in("Cargo.toml", "version = ");
    let guide = fs::read_to_string(root().join("docs/UPGRADING.md")).expect("docs/UPGRADING.md");
    assert!(guide.lines().any(|line| line.contains(&format!("→ {newest} |"))), "{newest}");
}
