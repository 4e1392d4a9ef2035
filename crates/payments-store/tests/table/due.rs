//! The due index.

use crate::fixtures::{at, given, history, intent, numbered, payment, payment_id};
use crate::table::Table;
use payments::{Fact, Payment, PaymentId, Timestamp};
use payments_store::{DUE_SHARDS, DueCursor, Recorded, Stored};
use std::collections::BTreeSet;

async fn record(table: &Table, payment: &Payment) -> Stored<Payment> {
    match table.store.record_payment(payment).await.expect("recorded") {
        Recorded::New(stored) => stored,
        Recorded::Earlier(_) => panic!("recorded before"),
    }
}

fn ids(found: Vec<DueCursor>) -> Vec<PaymentId> {
    found.into_iter().map(|place| place.payment_id).collect()
}

/// Returns everything that is due, in pages of this many.
async fn due(table: &Table, until: Timestamp, limit: u16) -> Vec<PaymentId> {
    let mut all = Vec::new();
    for shard in 0..DUE_SHARDS {
        let mut after = None;
        loop {
            let (found, next) = table.store.due(shard, until, limit, after.as_ref()).await.expect("read");
            assert!(found.len() <= usize::from(limit));
            all.extend(ids(found));
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    all
}

#[tokio::test]
async fn a_payment_is_due_from_its_time_on_and_no_longer_once_nothing_is_unfinished() {
    let table = Table::fresh().await;
    let stored = record(&table, &payment()).await;
    let due_at = payment().due_at().expect("waits for its intent");
    assert_eq!(due(&table, due_at.plus_seconds(-1), 10).await, []);
    assert_eq!(due(&table, due_at, 10).await, [payment_id()]);
    let closed = vec![Fact::Intent(intent("pi_1")), Fact::Canceled];
    table.store.apply_facts(stored, at(1), given(closed)).await.expect("learned");
    assert_eq!(due(&table, at(1_000_000), 10).await, []);
}

#[tokio::test]
async fn what_is_due_moves_with_the_payment() {
    let table = Table::fresh().await;
    let stored = record(&table, &payment()).await;
    table.store.apply_facts(stored, at(1), given(history())).await.expect("learned");
    let paid = table.store.payment(&payment_id()).await.expect("read").expect("payment");
    let due_at = paid.value.due_at().expect("the fee is missing");
    assert_ne!(Some(due_at), payment().due_at());
    assert_eq!(due(&table, due_at.plus_seconds(-1), 10).await, []);
    assert_eq!(due(&table, due_at, 10).await, [payment_id()]);
}

#[tokio::test]
async fn every_due_payment_is_listed_once_over_all_shards_and_pages() {
    let table = Table::fresh().await;
    let mut expected = BTreeSet::new();
    for n in 0..60 {
        let mut payment = numbered(n);
        payment.terms.created_at = at(i64::from(n % 7));
        expected.insert(record(&table, &payment).await.value.id().to_string());
    }
    let found = due(&table, at(1_000_000), 2).await;
    assert_eq!(found.len(), 60);
    assert_eq!(found.iter().map(ToString::to_string).collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn within_a_shard_the_longest_due_come_first() {
    let table = Table::fresh().await;
    for n in 0..40 {
        let mut payment = numbered(n);
        payment.terms.created_at = at(i64::from(40 - n));
        record(&table, &payment).await;
    }
    let mut listed = 0;
    for shard in 0..DUE_SHARDS {
        let (found, _) = table.store.due(shard, at(1_000_000), 100, None).await.expect("read");
        let mut times = Vec::new();
        for id in &ids(found) {
            times.push(table.store.payment(id).await.expect("read").expect("payment").value.due_at());
        }
        assert!(times.is_sorted());
        listed += times.len();
    }
    assert_eq!(listed, 40);
}

#[tokio::test]
async fn a_cursor_holds_although_its_payment_is_no_longer_due() {
    let table = Table::fresh().await;
    let mut shards = vec![Vec::new(); usize::from(DUE_SHARDS)];
    for n in 0..60 {
        let stored = record(&table, &numbered(n)).await;
        for shard in 0..DUE_SHARDS {
            let (found, _) = table.store.due(shard, at(1_000_000), 100, None).await.expect("read");
            if ids(found).contains(stored.value.id()) {
                shards[usize::from(shard)].push(stored.clone());
            }
        }
    }
    let shard = (0..DUE_SHARDS).max_by_key(|shard| shards[usize::from(*shard)].len()).expect("shards");
    let (first, next) = table.store.due(shard, at(1_000_000), 1, None).await.expect("read");
    let first = ids(first);
    let there = &shards[usize::from(shard)];
    assert!(there.len() > 2);
    let gone = there.iter().find(|stored| *stored.value.id() == first[0]).expect("first");
    let canceled = vec![Fact::Intent(intent("pi_1")), Fact::Canceled];
    table.store.apply_facts(gone.clone(), at(1), given(canceled)).await.expect("learned");
    let (rest, _) = table.store.due(shard, at(1_000_000), 100, next.as_ref()).await.expect("read");
    let rest = ids(rest);
    assert_eq!(rest.len(), there.len() - 1);
    assert!(!rest.contains(&first[0]));
}
