//! The platform's own entries, and the sums and opening balances of the statement.

use crate::fixtures::{at, usd};
use crate::table::{Item, Table, text};
use payments::{
    Movements, PlatformEntry, StatementDay, StatementHour, StatementOpening, Timestamp, TransactionAmounts,
    TransactionClass, TransactionId,
};
use payments_store::StoreError;
use std::collections::BTreeMap;

fn txn(n: u32) -> TransactionId {
    TransactionId::parse(&format!("txn_{n}")).expect("id")
}

/// Stripe's fee of so many cents.
fn fee(n: u32, cents: i64) -> PlatformEntry {
    let amounts = TransactionAmounts::new(-cents, 0, usd());
    PlatformEntry::of(&txn(n), TransactionClass::StripeFee, &amounts, false).expect("an entry")
}

fn fees(all: &[(u32, i64)]) -> BTreeMap<TransactionId, (Timestamp, PlatformEntry)> {
    all.iter().map(|&(n, cents)| (txn(n), (at(i64::from(n)), fee(n, cents)))).collect()
}

fn hour(begins_at: Timestamp, cents: i64) -> StatementHour {
    let mut movements = Movements::default();
    movements.add_transaction(TransactionClass::TopUp, &TransactionAmounts::new(cents, 0, usd()));
    StatementHour { begins_at, movements }
}

fn day(hours: &[(u8, &StatementHour)]) -> StatementDay {
    StatementDay { hours: hours.iter().map(|(of_day, hour)| (*of_day, hour.movements.clone())).collect() }
}

#[tokio::test]
async fn a_transaction_is_booked_once_and_what_is_booked_stays() {
    let table = Table::fresh().await;
    // More than one batch.
    let all: Vec<(u32, i64)> = (1..=130).map(|n| (n, 7)).collect();
    for cents in [7, 8] {
        let again: Vec<(u32, i64)> = all.iter().map(|(n, _)| (*n, cents)).collect();
        let booked = table.store.book_platform_entries(&fees(&again), at(900)).await.expect("booked");
        assert_eq!(booked.len(), 130);
        for (n, (id, stored)) in booked.into_iter().enumerate() {
            let expected = fees(&all)[&id].1.clone();
            assert_eq!(stored.expect("an entry"), expected, "{n}");
        }
    }
    let of_day = table.store.platform_entries(&at(1).date()).await.expect("read");
    assert_eq!(of_day.len(), 130);
    assert_eq!(table.store.platform_entries(&at(86_400).date()).await.expect("read"), []);
}

#[tokio::test]
async fn two_that_book_a_transaction_at_once_agree_on_what_is_stored() {
    let table = Table::fresh().await;
    for n in 1..=8 {
        let (one, two) = (fees(&[(n, 1)]), fees(&[(n, 2)]));
        let (one, two) = tokio::join!(
            table.store.book_platform_entries(&one, at(900)),
            table.store.book_platform_entries(&two, at(900)),
        );
        let stored = [one, two]
            .map(|booked| booked.expect("booked").into_values().next().expect("an entry").expect("readable"));
        assert_eq!(stored[0], stored[1]);
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_spoils_no_other() {
    let table = Table::fresh().await;
    let both = fees(&[(1, 7), (2, 7)]);
    table.store.book_platform_entries(&both, at(900)).await.expect("booked");
    let pk = format!("PLATFORM#{}", at(1).date());
    table.put(&pk, "ENTRY#txn_1", Item::new()).await;
    let booked = table.store.book_platform_entries(&both, at(900)).await.expect("booked");
    assert!(matches!(booked[&txn(1)], Err(StoreError::Corrupt { kind: "platform_entry", .. })));
    assert_eq!(booked[&txn(2)].as_ref().expect("readable"), &fee(2, 7));
}

#[tokio::test]
async fn an_item_that_is_listed_twice_is_read_again_once() {
    let table = Table::fresh().await;
    let pk = format!("PLATFORM#{}", at(1).date());
    table.put(&pk, "ENTRY#txn_1", Item::from([("type".to_owned(), text("platform_entry"))])).await;
    let key = format!("{pk}/ENTRY#txn_1");
    let unreadable = table.store.still_unreadable(&[&key, &key]).await.expect("read");
    assert_eq!(unreadable.len(), 1);
}

#[tokio::test]
async fn the_sum_of_an_hour_replaces_its_former_sum_and_no_other() {
    let table = Table::fresh().await;
    let begins_at = |text| Timestamp::parse(text).expect("a time");
    let (nine, ten) = (begins_at("2026-11-29T09:00:00Z"), begins_at("2026-11-29T10:00:00Z"));
    let later = hour(begins_at("2026-11-30T00:00:00Z"), 4);
    for saved in [hour(nine, 1), hour(ten, 2), hour(nine, 3), later.clone()] {
        table.store.save_statement_hour(&saved).await.expect("saved");
    }
    let first = day(&[(9, &hour(nine, 3)), (10, &hour(ten, 2))]);
    let days = table.store.statement_days("").await.expect("read");
    let expected = [("2026-11-29".to_owned(), first), ("2026-11-30".to_owned(), day(&[(0, &later)]))];
    assert_eq!(days, expected.clone().into());
    let of_last_day = table.store.statement_days("2026-11-30").await.expect("read");
    assert_eq!(of_last_day, expected[1..].iter().cloned().collect());
    // The same sum is not written again.
    let version = async || {
        table.item("PLATFORM#STATEMENT", "DAY#2026-11-29").await.expect("an item")["version"].clone()
    };
    let before = version().await;
    table.store.save_statement_hour(&hour(nine, 3)).await.expect("saved");
    assert_eq!(version().await, before);
}

#[tokio::test]
async fn two_that_sum_hours_of_one_day_at_once_both_count() {
    let table = Table::fresh().await;
    for n in 0..6 {
        let [one, two] =
            [0, 1].map(|more| hour(at(0).start_of_day().plus_seconds((2 * n + more) * 3_600), n + 1));
        let (first, second) =
            tokio::join!(table.store.save_statement_hour(&one), table.store.save_statement_hour(&two));
        first.and(second).expect("saved");
    }
    let days = table.store.statement_days("").await.expect("read");
    assert_eq!(days[&at(0).date()].hours.len(), 12);
}

#[tokio::test]
async fn the_opening_balances_never_change() {
    let table = Table::fresh().await;
    assert_eq!(table.store.statement_opening().await.expect("read"), None);
    let opening = |since: &str, balance| StatementOpening {
        since: since.to_owned(),
        balances: BTreeMap::from([(usd(), balance)]),
        computed_back_at: Some(at(3)),
    };
    for (since, balance) in [("2026-11-01", 700), ("2026-11-02", 800)] {
        table.store.save_statement_opening(&opening(since, balance)).await.expect("saved");
        let stored = table.store.statement_opening().await.expect("read");
        assert_eq!(stored, Some(opening("2026-11-01", 700)));
    }
}
