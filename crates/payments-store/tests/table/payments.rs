//! Recording and reading payments.

use crate::fixtures::{PAYMENT, payment, payment_id};
use crate::table::{Item, Table, number, text};
use payments::Fingerprint;
use payments_store::{Recorded, StoreError, Stored};
use std::collections::HashMap;

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
        ("payment_id", text(PAYMENT)),
        ("sender_id", text("sam")),
        ("creator_id", text("ana")),
        ("amount", number(1_000)),
        ("processing_fee", number(61)),
        ("total", number(1_061)),
        ("currency", text("usd")),
        ("status", text("created")),
        ("created_at", text("2027-01-15T08:00:00.000Z")),
    ];
    for (name, value) in expected {
        assert_eq!(item.get(name), Some(&value), "{name}");
    }
    assert!(!item.contains_key("stripe_payment_intent_id"));
    assert!(item["terms"].is_m() && item["state"].is_m());
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
    let sound = table.item(&key, "STATE").await.expect("item");
    let spoil = |field: &str, value: Option<_>| -> Item {
        let mut item: HashMap<_, _> = sound.clone();
        item.remove(field);
        item.extend(value.map(|value| (field.to_owned(), value)));
        item
    };
    let cases = [
        ("terms", spoil("terms", None)),
        ("terms", spoil("terms", Some(text("private words")))),
        ("state", spoil("state", Some(number(1)))),
        ("version", spoil("version", Some(text("private words")))),
    ];
    for (wrong, item) in cases {
        table.put(&key, "STATE", item).await;
        let error = table.store.payment(&payment_id()).await.expect_err("corrupt");
        assert!(
            matches!(error, StoreError::Corrupt { kind: "payment", field, .. } if field == wrong),
            "{error:?}"
        );
        assert!(!format!("{error:?} {error}").contains("private"));
        assert!(table.store.record_payment(&payment()).await.is_err(), "corrupt is not recorded over");
    }
}
