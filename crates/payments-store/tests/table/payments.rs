//! Recording and reading payments.

use crate::fixtures::{PAYMENT, numbered, payment, payment_id};
use crate::table::{Item, Table, number, text};
use payments::Fingerprint;
use payments_store::{Recorded, StoreError, Stored};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_payment_is_read_back_as_it_was_recorded() {
    let table = Table::fresh().await;
    let stored = Stored { value: payment(), version: 1 };
    assert_eq!(table.store.payment(&payment_id()).await.expect("read"), None);
    let recorded = table.store.record_payment(&payment()).await.expect("recorded");
    assert_eq!(recorded, Recorded::New(stored.clone()));
    assert_eq!(table.store.payment(&payment_id()).await.expect("read"), Some(stored));
}

#[tokio::test]
async fn people_can_read_a_payments_item() {
    let table = Table::fresh().await;
    table.store.record_payment(&payment()).await.expect("recorded");
    let item = table.item(&format!("PAYMENT#{PAYMENT}"), "STATE").await.expect("item");
    let expected = [
        ("type", text("payment")),
        ("version", number(1)),
        ("sender_id", text("sam")),
        ("creator_id", text("ana")),
        ("amount", number(1_000)),
        ("total", number(1_061)),
        ("currency", text("usd")),
        ("status", text("created")),
    ];
    for (name, value) in expected {
        assert_eq!(item.get(name), Some(&value), "{name}");
    }
    assert!(item["state"].is_m());
    let terms = table.item(&format!("PAYMENT#{PAYMENT}"), "TERMS").await.expect("item");
    assert_eq!(terms["type"], text("payment_terms"));
    assert_eq!(terms["terms"].as_m().expect("a map")["message"], text("Thank you 🎶\nfor the show"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_simultaneous_recordings_exactly_one_is_new_and_all_others_find_it() {
    let table = Table::fresh().await;
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let store = table.store.clone();
            tokio::spawn(async move {
                let mut payment = payment();
                payment.terms.fingerprint = Fingerprint::of(&n);
                store.record_payment(&payment).await.expect("recorded")
            })
        })
        .collect();
    let (mut new, mut earlier) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.expect("task") {
            Recorded::New(payment) => new.push(payment),
            Recorded::Earlier(payment) => earlier.push(payment),
        }
    }
    assert_eq!((new.len(), earlier.len()), (1, 15));
    assert!(earlier.iter().all(|found| *found == new[0]));
    assert_eq!(table.store.payment(&payment_id()).await.expect("read").as_ref(), Some(&new[0]));
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_corrupt_and_the_error_shows_nothing_of_it() {
    let table = Table::fresh().await;
    table.store.record_payment(&payment()).await.expect("recorded");
    let key = format!("PAYMENT#{PAYMENT}");
    let cases = [
        ("TERMS", "payment_terms", "terms", None),
        ("TERMS", "payment_terms", "terms", Some(text("private words"))),
        ("STATE", "payment", "state", Some(number(1))),
        ("STATE", "payment", "version", Some(text("private words"))),
    ];
    for (name, of_kind, wrong, value) in cases {
        let sound = table.item(&key, name).await.expect("item");
        let mut damaged: Item = sound.clone();
        damaged.remove(wrong);
        damaged.extend(value.map(|value| (wrong.to_owned(), value)));
        table.put(&key, name, damaged).await;
        let error = table.store.payment(&payment_id()).await.expect_err("corrupt");
        let StoreError::Corrupt { kind, field, key: shown } = &error else { panic!("{error:?}") };
        assert_eq!((*kind, *field, shown.to_string()), (of_kind, wrong, format!("{key}/{name}")));
        assert!(!format!("{error:?} {error}").contains("private"));
        assert!(table.store.record_payment(&payment()).await.is_err(), "corrupt is not recorded over");
        let [listed] = &table.store.still_unreadable(&[&shown.to_string()]).await.expect("read")[..] else {
            panic!("it is still unreadable")
        };
        assert_eq!(listed.unreadable_item().map(ToString::to_string), Some(shown.to_string()));
        table.put(&key, name, sound).await;
        assert!(table.store.still_unreadable(&[&shown.to_string()]).await.expect("read").is_empty());
    }
}

#[tokio::test]
async fn a_payment_without_its_terms_is_unreadable_and_not_absent() {
    let table = Table::fresh().await;
    table.store.record_payment(&payment()).await.expect("recorded");
    let key = format!("PAYMENT#{PAYMENT}");
    table.delete(&key, "TERMS").await;
    let missing = Some(format!("{key}/TERMS"));
    let named = |error: &StoreError| error.unreadable_item().map(ToString::to_string);
    assert_eq!(named(&table.store.payment(&payment_id()).await.expect_err("corrupt")), missing);
    assert_eq!(named(&table.store.ledger(&payment_id()).await.expect_err("corrupt")), missing);
    let still = table.store.still_unreadable(&[&format!("{key}/TERMS")]).await.expect("read");
    assert_eq!(still.iter().map(named).collect::<Vec<_>>(), [missing]);
    let ids = BTreeSet::from([payment_id()]);
    assert!(table.store.payments(&ids).await.expect("read").is_empty(), "it is left out, and not absent");
}

#[tokio::test]
async fn more_payments_than_a_batch_holds_are_read_with_their_terms() {
    let table = Table::fresh().await;
    for n in 0..70 {
        table.store.record_payment(&numbered(n)).await.expect("recorded");
    }
    let ids: BTreeSet<_> = (0..71).map(|n| numbered(n).id().clone()).collect();
    let read = table.store.payments(&ids).await.expect("read");
    assert_eq!(read.len(), 71);
    for n in 0..70 {
        let stored = Stored { value: numbered(n), version: 1 };
        assert_eq!(read[numbered(n).id()].as_ref(), Some(&stored));
    }
    assert_eq!(read[numbered(70).id()], None);
}
