//! What another crate can call says what it is for. Fields and variants do so where their name does not: rustc's
//! `missing_docs` would ask for a comment on each.

use crate::sources::rust_files;

const ITEMS: [&str; 10] = [
    "pub fn ",
    "pub async fn ",
    "pub const fn ",
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub type ",
    "pub const ",
    "pub static ",
    "pub unsafe fn ",
];

#[test]
fn every_public_item_is_documented() {
    let mut missing = Vec::new();
    for (path, text) in rust_files() {
        if path.contains("/tests/") || path.starts_with("tests/") {
            continue;
        }
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        for (at, line) in lines.iter().enumerate() {
            let is_item = !line.contains(" $") && ITEMS.iter().any(|item| line.starts_with(item));
            if is_item && !is_documented(&lines[..at]) {
                missing.push(format!("{path}:{}: {line}", at + 1));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether the lines before an item end with its comment; attributes, of one line or several, may stand between.
fn is_documented(before: &[&str]) -> bool {
    let mut lines = before.iter().rev().skip_while(|line| line.starts_with("#["));
    match lines.next() {
        Some(line) if line.starts_with("///") => true,
        Some(&")]") => {
            lines.any(|line| line.starts_with("#["))
                && lines.next().is_some_and(|line| line.starts_with("///"))
        }
        _ => false,
    }
}
