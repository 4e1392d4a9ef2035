//! Facts joined into payments, with everything that is written beside them.

use crate::fixtures::{PAYMENT, at, given, history, intent, payment, payment_id};
use crate::table::{Item, Table, number, text};
use payments::{Fact, Payment, State, Status};
use payments_store::{Applied, Recorded, StoreError, Stored};

async fn recorded(table: &Table) -> Stored<Payment> {
    match table.store.record_payment(&payment()).await.expect("recorded") {
        Recorded::New(stored) => stored,
        Recorded::Earlier(_) => panic!("a fresh table has no payment"),
    }
}

async fn items(table: &Table) -> Vec<Item> {
    table.items(&format!("PAYMENT#{PAYMENT}")).await
}

fn changed<E: std::fmt::Debug>(learned: Applied<E>) -> (Stored<Payment>, bool) {
    match learned {
        Applied::Changed { payment, contradiction, .. } => (payment, contradiction),
        other @ (Applied::Unchanged(_) | Applied::Rejected(_)) => panic!("nothing changed: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn news_from_many_sources_in_any_order_is_joined_and_settled_once() {
    let table = Table::fresh().await;
    let stale = recorded(&table).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (store, stale) = (table.store.clone(), stale.clone());
            let mut facts = history();
            fastrand::shuffle(&mut facts);
            tokio::spawn(async move {
                let mut changes = 0;
                for fact in facts {
                    let learned =
                        store.apply_facts(stale.clone(), at(1), given(vec![fact])).await.expect("learned");
                    changes += u64::from(matches!(learned, Applied::Changed { .. }));
                }
                changes
            })
        })
        .collect();
    let mut changes = 0;
    for task in tasks {
        changes += task.await.expect("task");
    }
    let payment = table.store.payment(&payment_id()).await.expect("read").expect("payment");
    let booked = Fact::Settled(at(1));
    assert_eq!(payment.value.state, State::default().join_all(&history()).join(&booked));
    assert_eq!(payment.version, 1 + changes, "each change is one write");
    let entries: Vec<Item> =
        items(&table).await.into_iter().filter(|item| item["type"] == text("ledger_entry")).collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["SK"], text("ENTRY#settled"));
    let pointer = table.item("INTENT#pi_1", "PAYMENT").await.expect("intent");
    assert_eq!(pointer["payment_id"], text(PAYMENT));
}

#[tokio::test]
async fn an_entrys_postings_are_a_list_of_maps_with_numbers_that_sum_to_zero() {
    let table = Table::fresh().await;
    let stored = recorded(&table).await;
    table.store.apply_facts(stored, at(60), given(history())).await.expect("learned");
    let entry = table.item(&format!("PAYMENT#{PAYMENT}"), "ENTRY#settled").await.expect("entry");
    assert_eq!(entry["entry_id"], text("settled"));
    assert_eq!(entry["payment_id"], text(PAYMENT));
    assert_eq!(entry["booked_at"], text("2027-01-15T08:01:00.000Z"));
    let expected = [("card", -1_061), ("creator:ana", 1_000), ("fee_reserve", 61)];
    let postings = entry["postings"].as_l().expect("a list");
    assert_eq!(postings.len(), expected.len());
    for (posting, (account, amount)) in postings.iter().zip(expected) {
        let posting = posting.as_m().expect("a map");
        assert_eq!(posting.len(), 3);
        assert_eq!(posting["account"], text(account));
        assert_eq!(posting["amount"], number(amount));
        assert_eq!(posting["currency"], text("usd"));
    }
    let state = table.item(&format!("PAYMENT#{PAYMENT}"), "STATE").await.expect("state");
    assert_eq!(state["status"], text("succeeded"));
    assert_eq!(state["state"].as_m().expect("a map")["intent"], text("pi_1"));
}

#[tokio::test]
async fn what_is_known_already_writes_nothing() {
    let table = Table::fresh().await;
    let stored = recorded(&table).await;
    let learned = table.store.apply_facts(stored, at(1), given(history())).await.expect("learned");
    let (paid, contradiction) = changed(learned);
    assert_eq!((paid.version, paid.value.status(), contradiction), (2, Status::Succeeded, false));
    let before = items(&table).await;
    let again = table.store.apply_facts(paid.clone(), at(2), given(history())).await.expect("learned");
    assert_eq!(again, Applied::Unchanged(paid));
    assert_eq!(items(&table).await, before);
}

#[tokio::test]
async fn news_of_another_payment_changes_nothing() {
    let table = Table::fresh().await;
    let stored = recorded(&table).await;
    let before = items(&table).await;
    let mismatch = "another amount";
    let learned = table.store.apply_facts(stored, at(1), |_| Err(mismatch)).await.expect("learned");
    assert_eq!(learned, Applied::Rejected(mismatch));
    assert_eq!(items(&table).await, before);
}

#[tokio::test]
async fn after_a_lost_race_the_news_is_held_against_the_row_as_it_is_now() {
    let table = Table::fresh().await;
    let stale = recorded(&table).await;
    let attach = |id: &'static str| {
        move |payment: &Payment| match &payment.state.intent {
            Some(known) if known.as_str() != id => Err("another id"),
            _ => Ok(vec![Fact::Intent(intent(id))]),
        }
    };
    let first = table.store.apply_facts(stale.clone(), at(1), attach("pi_2")).await.expect("learned");
    changed(first);
    let second = table.store.apply_facts(stale, at(1), attach("pi_1")).await.expect("learned");
    assert_eq!(second, Applied::Rejected("another id"));
    assert!(table.item("INTENT#pi_1", "PAYMENT").await.is_none());
}

#[tokio::test]
async fn paid_and_canceled_is_told_once_and_booked_as_paid() {
    let table = Table::fresh().await;
    let stored = recorded(&table).await;
    let mut payment = stored;
    let mut contradictions = Vec::new();
    for fact in [Fact::Canceled, Fact::Succeeded, Fact::Intent(intent("pi_1"))] {
        let learned = table.store.apply_facts(payment, at(1), given(vec![fact])).await.expect("learned");
        let (after, contradiction) = changed(learned);
        contradictions.push(contradiction);
        payment = after;
    }
    assert_eq!(contradictions, [false, true, false]);
    assert_eq!(items(&table).await.len(), 3, "state, terms, and one entry");
}

#[tokio::test]
async fn an_entry_that_the_state_does_not_imply_is_never_written_over() {
    let table = Table::fresh().await;
    let stored = recorded(&table).await;
    table.put(&format!("PAYMENT#{PAYMENT}"), "ENTRY#settled", Item::new()).await;
    let before = items(&table).await;
    let error = table.store.apply_facts(stored, at(1), given(history())).await.expect_err("come apart");
    assert!(matches!(error, StoreError::Corrupt { kind: "ledger_entry", .. }), "{error:?}");
    assert_eq!(items(&table).await, before);
}
