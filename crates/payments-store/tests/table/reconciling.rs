//! The notes of reconciliation.

use crate::table::{Item, Table, number, text};
use payments_store::{Reconciliation, Saved, StoreError, Stored};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    cursor: Option<String>,
    differences: Vec<i64>,
}

fn note(n: i64) -> Note {
    Note { cursor: (n > 1).then(|| format!("evt_{n}")), differences: (0..n).collect() }
}

async fn read(table: &Table, which: Reconciliation) -> Option<Stored<Note>> {
    table.store.reconciliation(which).await.expect("read")
}

#[tokio::test]
async fn a_note_is_read_back_as_it_was_saved_and_the_two_are_apart() {
    let table = Table::fresh().await;
    assert_eq!(read(&table, Reconciliation::Current).await, None);
    let saved = table.store.save_reconciliation(Reconciliation::Current, &note(1), 0).await.expect("saved");
    assert_eq!(saved, Saved::Done { version: 1 });
    let saved = table.store.save_reconciliation(Reconciliation::Current, &note(2), 1).await.expect("saved");
    assert_eq!(saved, Saved::Done { version: 2 });
    assert_eq!(read(&table, Reconciliation::Current).await, Some(Stored { value: note(2), version: 2 }));
    assert_eq!(read(&table, Reconciliation::Last).await, None);
    assert!(table.item("RECONCILE", "CURRENT").await.is_some());
}

#[tokio::test]
async fn of_two_runs_at_once_only_one_goes_on() {
    let table = Table::fresh().await;
    for version in [0, 1] {
        let (one, two) = (note(3), note(4));
        let (one, two) = tokio::join!(
            table.store.save_reconciliation(Reconciliation::Current, &one, version),
            table.store.save_reconciliation(Reconciliation::Current, &two, version),
        );
        let saved = [one.expect("an outcome"), two.expect("an outcome")];
        assert_eq!(saved.iter().filter(|saved| **saved == Saved::Raced).count(), 1, "{saved:?}");
    }
}

#[tokio::test]
async fn a_note_of_another_shape_is_corrupt() {
    let table = Table::fresh().await;
    let item = Item::from([("version".to_owned(), number(1)), ("value".to_owned(), text("private"))]);
    table.put("RECONCILE", "LAST", item).await;
    let found = table.store.reconciliation::<Note>(Reconciliation::Last).await;
    assert!(matches!(found, Err(StoreError::Corrupt { kind: "reconciliation", .. })), "{found:?}");
}
