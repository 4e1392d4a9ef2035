//! The rooms of the domain have walls: files import from rooms below their own, and from no room above.

mod imports;

use imports::{Arrow, House};
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

/// Files that import each other, for a reason: the ledger reads the payment whose entries it derives, and a payment's
/// change names the new ones; an event is one of its rooms' payloads, and each of them makes events.
const KNOWN_CIRCLES: [&[&str]; 2] =
    [&["event", "event/payment", "event/receiving"], &["payment", "payment/ledger"]];

fn house() -> House {
    House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The room of a file: the folder that it is in or stands beside, or the base.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or_default();
    ROOMS.iter().map(|(room, _)| *room).find(|room| *room == first).unwrap_or("base")
}

fn between_rooms(house: &House) -> Vec<Arrow> {
    house.arrows().into_iter().filter(|arrow| room(&arrow.from) != room(&arrow.to)).collect()
}

fn climbs(arrow: &Arrow) -> bool {
    let (from, to) = (room(&arrow.from), room(&arrow.to));
    to != "base" && !ROOMS.iter().any(|(room, below)| *room == from && below.contains(&to))
}

#[test]
fn no_file_imports_from_a_room_that_is_not_below_its_own() {
    let arrows = between_rooms(&house());
    let named = arrows.iter().filter(|arrow| room(&arrow.to) != "base").count();
    println!("{} arrows between rooms, {named} of them not to the base", arrows.len());
    let climbing: Vec<_> = arrows.iter().filter(|arrow| climbs(arrow)).collect();
    assert!(climbing.is_empty(), "{climbing:#?}");
}

#[test]
fn every_name_is_imported_from_its_room_and_not_from_the_root() {
    let from_root = house().names_from_the_root();
    assert!(from_root.is_empty(), "{from_root:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle_but_those_that_are_named() {
    let circles = house().circles();
    println!("circles: {circles:#?}");
    let known: BTreeSet<Vec<String>> =
        KNOWN_CIRCLES.iter().map(|files| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    assert_eq!(circles, known);
}

#[test]
fn every_folder_is_a_room() {
    let rooms: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    let others: Vec<String> =
        house().folders().into_iter().filter(|folder| !rooms.contains(folder)).collect();
    assert!(others.is_empty(), "{others:?}");
}

fn imagined(files: &[(&str, &str)]) -> House {
    House::of(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect())
}

#[test]
fn an_import_from_above_is_found_however_it_is_written() {
    for text in [
        "use crate::payment::Fact;",
        "use crate::{\n    money::Money,\n    payment::{Fact, State},\n};",
        "use super::payment::Fact;",
        "fn f() { crate::payment::f() }",
    ] {
        let house = imagined(&[("receiving", text), ("payment", ""), ("money", "")]);
        let climbing: Vec<_> = between_rooms(&house).into_iter().filter(climbs).collect();
        assert_eq!(climbing, [Arrow { from: "receiving".into(), to: "payment".into() }], "{text}");
    }
}

#[test]
fn comments_and_tests_draw_no_arrow() {
    let text =
        "/// [`Fact`](crate::payment::Fact)\n\n#[cfg(test)]\nmod tests {\n    use crate::payment::Fact;\n}\n";
    let house = imagined(&[("receiving", text), ("payment", "")]);
    assert_eq!(between_rooms(&house), []);
}

#[test]
fn an_import_through_a_rooms_file_leads_to_the_file_that_has_the_name() {
    let room = "mod ledger;\npub use ledger::{Entry, entries};\nstruct Change(Entry);\n";
    let house = imagined(&[
        ("payment", room),
        ("payment/ledger", "use crate::payment::Change;"),
        ("event", "use crate::payment::entries;"),
    ]);
    let ledger = |from: &str| Arrow { from: from.into(), to: "payment/ledger".into() };
    assert!(house.arrows().contains(&ledger("event")));
    assert!(house.arrows().contains(&ledger("payment")));
    assert_eq!(house.circles(), BTreeSet::from([vec!["payment".to_owned(), "payment/ledger".to_owned()]]));
}

#[test]
fn a_name_from_the_root_is_found() {
    let house = imagined(&[("event", "use crate::{Payment, payment::Fact};"), ("payment", "")]);
    assert_eq!(house.names_from_the_root(), ["event: Payment"]);
}
