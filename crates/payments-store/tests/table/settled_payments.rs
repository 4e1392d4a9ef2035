//! The settled payments of a sender to a creator.

use crate::fixtures::{at, creator, given, history, numbered, user};
use crate::table::{Table, text};
use payments::{Fact, Payment, PaymentId};
use payments_store::{Applied, Store};

async fn joined(store: &Store, payment: Payment, facts: Vec<Fact>) {
    store.record_payment(&payment).await.expect("recorded");
    let stored = store.payment(payment.id()).await.expect("read").expect("stored");
    store.apply_facts(stored, at(60), given(facts)).await.expect("joined");
}

fn to(n: u32, to: &str, after_s: i64) -> Payment {
    let mut payment = numbered(n);
    payment.terms.creator = creator(to);
    payment.terms.created_at = at(after_s);
    payment
}

async fn found(store: &Store, limit: u8) -> Vec<PaymentId> {
    let found = store.settled_payments(&user("sam"), &creator("ana"), limit).await.expect("read");
    found.iter().map(|stored| stored.value.id().clone()).collect()
}

#[tokio::test]
async fn the_payments_that_settled_between_two_people_are_read_newest_first() {
    let table = Table::fresh().await;
    for (payment, facts) in [
        (to(1, "ana", 0), history()),
        (to(2, "ana", 20), history()),
        (to(3, "ana", 10), history()),
        (to(4, "ana", 30), vec![Fact::Canceled]),
        (to(5, "anabel", 40), history()),
    ] {
        joined(&table.store, payment, facts).await;
    }
    let ids = |numbers: &[u32]| numbers.iter().map(|n| numbered(*n).id().clone()).collect::<Vec<_>>();
    assert_eq!(found(&table.store, 50).await, ids(&[2, 3, 1]));
    assert_eq!(found(&table.store, 2).await, ids(&[2, 3]));
    let of_others = table.store.settled_payments(&user("kim"), &creator("ana"), 50).await.expect("read");
    assert_eq!(of_others, []);
}

#[tokio::test]
async fn a_payment_has_settled_when_its_first_entry_was_booked_and_keeps_that_time() {
    let table = Table::fresh().await;
    joined(&table.store, numbered(1), history()).await;
    let partition = format!("PAYMENT#{}", numbered(1).id());
    let entry = table.item(&partition, "ENTRY#settled").await.expect("an entry");
    let stored = table.store.payment(numbered(1).id()).await.expect("read").expect("stored");
    assert_eq!(stored.value.state.settled_at, Some(at(60)));
    assert_eq!(entry["booked_at"], text(&at(60).to_string()));
    let later = table.store.apply_facts(stored, at(90), given(vec![Fact::Refreshed(at(90))])).await;
    let Ok(Applied::Changed { payment, .. }) = later else { panic!("nothing changed") };
    assert_eq!(payment.value.state.settled_at, Some(at(60)));
}
