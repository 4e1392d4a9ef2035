//! Files of the domain import only from rooms below their own (`docs/ARCHITECTURE.md`, "Rooms of the domain").
//!
//! `sources.rs` reads the imports from the text of the files.

mod sources;

use sources::{Import, Sources};
use std::collections::BTreeSet;
use std::path::Path;

/// Each room with the rooms that it may import from; every room may import from the base.
const ROOMS: [(&str, &[&str]); 7] = [
    ("base", &[]),
    ("money", &[]),
    ("receiving", &["money"]),
    ("payment", &["receiving", "money"]),
    ("reconciliation", &["payment", "receiving", "money"]),
    ("event", &["payment", "receiving", "money"]),
    ("counting", &["payment", "receiving", "money"]),
];

fn sources() -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The room of a file is its folder, or the folder with the file's name; all other files are the base.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or_default();
    ROOMS.iter().map(|(room, _)| *room).find(|room| *room == first).unwrap_or("base")
}

fn between_rooms(sources: &Sources) -> Vec<Import> {
    sources.imports().into_iter().filter(|import| room(&import.from) != room(&import.to)).collect()
}

fn goes_up(import: &Import) -> bool {
    let (from, to) = (room(&import.from), room(&import.to));
    to != "base" && !ROOMS.iter().any(|(room, below)| *room == from && below.contains(&to))
}

#[test]
fn no_file_imports_from_a_room_that_is_not_below_its_own() {
    let imports = between_rooms(&sources());
    let named = imports.iter().filter(|import| room(&import.to) != "base").count();
    println!("{} imports between rooms, {named} of them not to the base", imports.len());
    let upward: Vec<_> = imports.iter().filter(|import| goes_up(import)).collect();
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn every_name_is_imported_from_its_room_and_not_from_the_root() {
    let from_root = sources().names_from_the_root();
    assert!(from_root.is_empty(), "{from_root:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    assert_eq!(sources().circles(), BTreeSet::new());
}

#[test]
fn every_folder_is_a_room_or_the_ids_of_the_base() {
    let rooms: BTreeSet<String> =
        ROOMS.iter().map(|(room, _)| *room).chain(["ids"]).map(str::to_owned).collect();
    let others: Vec<String> =
        sources().folders().into_iter().filter(|folder| !rooms.contains(folder)).collect();
    assert!(others.is_empty(), "{others:?}");
}

fn sources_of(files: &[(&str, &str)]) -> Sources {
    Sources::of(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect())
}

#[test]
fn an_import_from_above_is_found_in_every_form() {
    for text in [
        "use crate::payment::Fact;",
        "use crate::{\n    money::Money,\n    payment::{Fact, State},\n};",
        "use super::payment::Fact;",
        "fn f() { crate::payment::f() }",
    ] {
        let sources = sources_of(&[("receiving", text), ("payment", ""), ("money", "")]);
        let upward: Vec<_> = between_rooms(&sources).into_iter().filter(goes_up).collect();
        assert_eq!(upward, [Import { from: "receiving".into(), to: "payment".into() }], "{text}");
    }
}

#[test]
fn comments_and_tests_do_not_count_as_imports() {
    let text =
        "/// [`Fact`](crate::payment::Fact)\n\n#[cfg(test)]\nmod tests {\n    use crate::payment::Fact;\n}\n";
    let sources = sources_of(&[("receiving", text), ("payment", "")]);
    assert_eq!(between_rooms(&sources), []);
}

#[test]
fn an_import_through_a_rooms_file_counts_as_one_of_the_file_with_the_name() {
    let room = "mod ledger;\npub use ledger::{Entry, entries};\nstruct PaymentChange(Entry);\n";
    let sources = sources_of(&[
        ("payment", room),
        ("payment/ledger", "use crate::payment::PaymentChange;"),
        ("event", "use crate::payment::entries;"),
    ]);
    let ledger = |from: &str| Import { from: from.into(), to: "payment/ledger".into() };
    assert!(sources.imports().contains(&ledger("event")));
    assert!(sources.imports().contains(&ledger("payment")));
    assert_eq!(sources.circles(), BTreeSet::from([vec!["payment".to_owned(), "payment/ledger".to_owned()]]));
}

#[test]
fn a_name_from_the_root_is_found() {
    let sources = sources_of(&[("event", "use crate::{Payment, payment::Fact};"), ("payment", "")]);
    assert_eq!(sources.names_from_the_root(), ["event: Payment"]);
}
