//! A payment's stored ledger.

use crate::fixtures::{PAYMENT, at, given, history, payment, payment_id, reversals};
use crate::table::{Item, Table};
use payments::{Fact, RefundFact, RefundId, RefundSplit, RefundStatus, entries};
use payments_store::{Applied, Recorded, StoreError};
use std::collections::BTreeMap;

async fn learned(table: &Table, facts: Vec<Fact>) -> Applied<payments::Mismatch> {
    let stored = match table.store.record_payment(&payment()).await.expect("recorded") {
        Recorded::New(stored) | Recorded::Earlier(stored) => stored,
    };
    table.store.apply_facts(stored, at(1), given(facts)).await.expect("learned")
}

/// Returns whether exactly the entries that the state implies are stored.
async fn agrees(table: &Table) -> bool {
    let (stored, found) = table.store.ledger(&payment_id()).await.expect("read").expect("payment");
    let by_id = |entries: Vec<payments::Entry>| -> BTreeMap<_, _> {
        entries.into_iter().map(|entry| (entry.id, entry.postings)).collect()
    };
    let count = found.len();
    let found = by_id(found);
    assert_eq!(found.len(), count, "an entry is listed once");
    found == by_id(entries(&stored.value))
}

#[tokio::test]
async fn a_payment_without_a_row_has_no_ledger() {
    let table = Table::fresh().await;
    assert_eq!(table.store.ledger(&payment_id()).await.expect("read"), None);
}

#[tokio::test]
async fn the_stored_entries_are_those_of_the_state() {
    let table = Table::fresh().await;
    learned(&table, vec![]).await;
    assert!(agrees(&table).await);
    learned(&table, history()).await;
    assert!(agrees(&table).await);
    let (_, entries) = table.store.ledger(&payment_id()).await.expect("read").expect("payment");
    assert_eq!(entries.len(), 1);
}

#[tokio::test]
async fn an_entry_too_many_is_seen() {
    let table = Table::fresh().await;
    learned(&table, history()).await;
    let pk = format!("PAYMENT#{PAYMENT}");
    let mut odd = table.item(&pk, "ENTRY#settled").await.expect("entry");
    odd.insert("entry_id".to_owned(), crate::table::text("odd"));
    table.put(&pk, "ENTRY#odd", odd).await;
    assert!(!agrees(&table).await);
    table.put(&pk, "ENTRY#odd", Item::new()).await;
    let unreadable = table.store.ledger(&payment_id()).await;
    assert!(matches!(unreadable, Err(StoreError::Corrupt { kind: "ledger_entry", .. })));
}

#[tokio::test]
async fn news_with_more_entries_than_a_transaction_takes_is_joined_part_by_part() {
    let table = Table::fresh().await;
    let mut facts = history();
    facts.extend(reversals(0..95));
    for n in 0..100 {
        let split = RefundSplit { creator: 1, platform: 0, request: None };
        let id = RefundId::parse(&format!("re_{n}")).expect("id");
        facts.push(Fact::Refund(RefundFact::AtStripe(id, split, RefundStatus::Failed)));
    }
    let Applied::Changed { payment, contradiction: false, .. } = learned(&table, facts.clone()).await else {
        panic!("nothing changed")
    };
    assert_eq!(payment.version, 5, "296 entries in four parts");
    let mut expected = payments::State::default().join_all(&facts);
    expected.settled_at = Some(at(1));
    assert_eq!(payment.value.state, expected);
    assert!(agrees(&table).await);
    assert!(matches!(learned(&table, facts).await, Applied::Unchanged(_)));
}

#[tokio::test]
async fn a_ledger_longer_than_one_page_is_read_to_its_end() {
    let table = Table::fresh().await;
    learned(&table, history()).await;
    let pk = format!("PAYMENT#{PAYMENT}");
    let item = table.items(&pk).await.into_iter().find(|item| item["SK"] != crate::table::text("STATE"));
    let mut item = item.expect("an entry");
    // DynamoDB limits a page to one megabyte.
    item.insert("weight".to_owned(), crate::table::text(&"x".repeat(300_000)));
    for n in 0..8 {
        item.insert("entry_id".to_owned(), crate::table::text(&format!("odd/{n}")));
        table.put(&pk, &format!("ENTRY#odd/{n}"), item.clone()).await;
    }
    let (_, entries) = table.store.ledger(&payment_id()).await.expect("read").expect("payment");
    assert_eq!(entries.len(), 9);
}

#[tokio::test]
async fn single_entries_are_read_in_batches_without_those_that_do_not_exist() {
    let table = Table::fresh().await;
    learned(&table, history()).await;
    let pk = format!("PAYMENT#{PAYMENT}");
    table.put(&pk, "ENTRY#odd", Item::new()).await;
    let missing = (0..130).map(|n| format!("fee/txn_{n}"));
    let wanted =
        missing.chain(["settled".to_owned(), "odd".to_owned()]).map(|id| (payment_id(), id)).collect();
    let found = table.store.ledger_entries(&wanted).await.expect("read");
    assert_eq!(found.len(), 2);
    let settled = &found[&(payment_id(), "settled".to_owned())];
    assert_eq!(settled.as_ref().expect("an entry").id, "settled");
    let odd = &found[&(payment_id(), "odd".to_owned())];
    assert!(matches!(odd, Err(StoreError::Corrupt { kind: "ledger_entry", .. })));
}
