//! A newcomer finds every guide from README's table, no link within the repository is broken, and what a guide shows can be pasted.

use crate::sources::root;
use std::fs;
use std::path::{Path, PathBuf};

/// What is built, installed or cloned, and not ours.
const FOREIGN: [&str; 4] = ["target", "node_modules", "build", ".git"];

#[test]
fn the_readmes_table_links_to_every_guide() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let table = section(&readme, "## Guides");
    let missing: Vec<String> = documents()
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name == "README.md") || path.starts_with("docs"))
        .filter(|path| {
            !path.starts_with("docs/adr") && !path.starts_with("tests") && path != Path::new("README.md")
        })
        .map(|path| format!("({})", path.display()))
        .filter(|link| !table.contains(link))
        .collect();
    assert!(missing.is_empty(), "not in README's table: {missing:#?}");
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_exist() {
    let mut broken = Vec::new();
    let mut links = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).expect("a document");
        for target in targets(&text) {
            links += 1;
            let (file, heading) =
                target.split_once('#').map_or((target, None), |(file, id)| (file, Some(id)));
            let beside = root().join(&document).parent().expect("a folder").join(file);
            let file = if file.is_empty() { root().join(&document) } else { beside };
            let is_there = file.exists();
            let has_heading =
                heading.is_none_or(|id| file.is_dir() || headings(&file).iter().any(|each| each == id));
            if !is_there || !has_heading {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(links > 100, "the links are looked for in the wrong place");
    assert!(broken.is_empty(), "{broken:#?}");
}

/// An interactive zsh takes a comment for arguments.
#[test]
fn no_block_to_paste_into_a_shell_has_a_comment() {
    let mut found = Vec::new();
    let mut blocks = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).expect("a document");
        for block in shell_blocks(&text) {
            blocks += 1;
            let comments = block.lines().filter(|line| has_comment(line));
            found.extend(comments.map(|line| format!("{}: {}", document.display(), line.trim())));
        }
    }
    assert!(blocks > 50, "the blocks are looked for in the wrong place");
    assert!(found.is_empty(), "say it in the text instead: {found:#?}");
}

/// What stands between the fences of blocks in a shell's language.
fn shell_blocks(text: &str) -> impl Iterator<Item = &str> {
    let fenced = text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    fenced.filter(|(language, _)| ["sh", "bash"].contains(language)).map(|(_, block)| block)
}

/// Whether a word of the line begins with `#` outside quotes.
fn has_comment(line: &str) -> bool {
    let (mut quote, mut before) = (None, ' ');
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '#') if before.is_whitespace() => return true,
            _ => {}
        }
        before = letter;
    }
    false
}

#[test]
fn a_comment_begins_a_word_outside_quotes() {
    assert!(has_comment("cargo test    # every test"));
    assert!(has_comment("# alone"));
    assert!(!has_comment("open 'a page' https://example.com/#top \" # quoted\""));
    assert_eq!(shell_blocks("a\n```js\nx\n```\nb\n```sh\ny # z\n```\n").collect::<Vec<_>>(), ["y # z\n"]);
}

/// Every Markdown document of ours, with its path from the root.
fn documents() -> Vec<PathBuf> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !FOREIGN.contains(&name.as_str()) {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    let mut found = Vec::new();
    collect(&root(), &mut found);
    found
}

/// The text from a heading to the next of its level.
fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let from = text.find(heading).expect("the heading");
    let rest = &text[from + heading.len()..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// The targets of links that stay in the repository.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let all = text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    all.filter(|target| !target.contains("://") && !target.contains(char::is_whitespace))
}

/// The ids that GitHub gives a document's headings.
fn headings(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let titles = text.lines().filter(|line| line.starts_with('#'));
    titles.map(|title| id(title.trim_start_matches('#').trim())).collect()
}

fn id(title: &str) -> String {
    let kept = title.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn a_headings_id_has_neither_punctuation_nor_capitals() {
    assert_eq!(id("Moving the creator's share"), "moving-the-creators-share");
    assert_eq!(id("`POST /v1/quotes`, now"), "post-v1quotes-now");
}
