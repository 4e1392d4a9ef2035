//! Counts of what senders send, which never exceed a limit.

use crate::fixtures::{at, creator, numbered, usd, user};
use crate::table::{Item, Table, number, text};
use payments::{
    AddressId, CreatorId, Currency, Money, Payment, ScopeLimits, Secret, SenderLimits, Timestamp, Usage,
    Usages, UserId,
};
use payments_store::{Counted, Recorded, RecordedWithin, StoreError};

fn limits(sender: &str, sender_and_creator: &str, address: &str) -> SenderLimits {
    let scope = |text| ScopeLimits::parse(text).expect("limits");
    SenderLimits {
        sender: scope(sender),
        sender_and_creator: scope(sender_and_creator),
        address: scope(address),
    }
}

fn address() -> AddressId {
    AddressId::derive(&Secret::new("key"), "192.0.2.1".parse().expect("address"))
}

/// A payment of this many dollars from a sender to a creator.
fn payment(n: u32, sender: &str, to: &str, dollars: i64) -> Payment {
    let mut payment = numbered(n);
    payment.terms.sender = user(sender);
    payment.terms.creator = creator(to);
    payment.terms.chosen = Money::new(dollars * 100, usd()).expect("money");
    payment
}

async fn record(table: &Table, payment: &Payment, limits: &SenderLimits, at: Timestamp) -> Option<Timestamp> {
    let address = address();
    let counted = Counted { limits, address: Some(&address), at };
    match table.store.record_payment_within(payment, &counted).await.expect("decided") {
        RecordedWithin::Limits(_) => None,
        RecordedWithin::None { until } => Some(until),
    }
}

async fn usages(table: &Table, sender: &UserId, to: &CreatorId, at: Timestamp) -> Usages {
    let (limits, address) = (limits("day=9", "day=9", "day=9"), address());
    let counted = Counted { limits: &limits, address: Some(&address), at };
    table.store.decision_context(to, sender, None, &counted).await.expect("read").usages
}

#[tokio::test]
async fn a_payment_counts_with_its_sender_its_creator_and_its_address() {
    let table = Table::fresh().await;
    let limits = limits("hour=9", "day=9,usd=900000", "hour=9");
    for (n, sender, to) in [(1, "sam", "ana"), (2, "sam", "bo"), (3, "sue", "ana")] {
        assert_eq!(record(&table, &payment(n, sender, to, 10), &limits, at(0)).await, None);
    }
    let count = |n: u32| Usage {
        payments: n,
        by_hour: [(at(0).hour(), n)].into(),
        amounts: [(usd(), i64::from(n) * 1_000)].into(),
    };
    let usages = usages(&table, &user("sam"), &creator("ana"), at(60)).await;
    let expected = Usages { sender: count(2), sender_and_creator: count(1), address: count(3) };
    assert_eq!(usages, expected);
}

#[tokio::test]
async fn people_can_read_a_count_and_it_expires_a_day_after_its_day() {
    let table = Table::fresh().await;
    record(&table, &payment(1, "sam", "ana", 10), &limits("hour=9", "", "hour=9"), at(0)).await;
    let item = table.item("SENDER#sam", "DAY#2027-01-15").await.expect("item");
    let expected = [
        ("type", text("usage")),
        ("payments", number(1)),
        ("hour_08", number(1)),
        ("amount_usd", number(1_000)),
        ("expires_at", number(at(0).next_day().seconds() + 86_400)),
    ];
    for (name, value) in expected {
        assert_eq!(item.get(name), Some(&value), "{name}");
    }
    assert_eq!(table.items("SENDER#sam").await.len(), 1, "what has no limit is not counted");
    assert!(table.item(&format!("ADDRESS#{}", address()), "DAY#2027-01-15").await.is_some());
}

#[tokio::test]
async fn a_repeated_recording_is_not_counted_and_found_although_the_limit_is_reached() {
    let table = Table::fresh().await;
    let limits = limits("hour=1", "", "");
    let first = payment(1, "sam", "ana", 10);
    for _ in 0..3 {
        assert_eq!(record(&table, &first, &limits, at(0)).await, None);
    }
    assert_eq!(usages(&table, &user("sam"), &creator("ana"), at(0)).await.sender.payments, 1);
    let until = record(&table, &payment(2, "sam", "ana", 10), &limits, at(0)).await;
    assert_eq!(until, Some(at(0).next_hour()));
    assert_eq!(table.store.payment(payment(2, "sam", "ana", 10).id()).await.expect("read"), None);
}

#[tokio::test]
async fn each_limit_refuses_at_its_own_number_until_its_own_window_ends() {
    for (sender, pair, of_address, until) in [
        ("hour=2", "", "", at(0).next_hour()),
        ("day=2", "", "", at(0).next_day()),
        ("usd=2999", "", "", at(0).next_day()),
        ("", "hour=2", "", at(0).next_hour()),
        ("", "", "hour=2", at(0).next_hour()),
        ("hour=2", "", "usd=2500", at(0).next_day()),
    ] {
        let table = Table::fresh().await;
        let limits = limits(sender, pair, of_address);
        for n in 1..=2 {
            assert_eq!(record(&table, &payment(n, "sam", "ana", 10), &limits, at(0)).await, None);
        }
        let third = payment(3, "sam", "ana", 10);
        assert_eq!(record(&table, &third, &limits, at(60)).await, Some(until), "{limits:?}");
        assert_eq!(record(&table, &third, &limits, until).await, None, "{limits:?}");
    }
}

#[tokio::test]
async fn another_creator_another_sender_and_another_currency_have_limits_of_their_own() {
    let table = Table::fresh().await;
    let limits = limits("usd=1000", "hour=1", "");
    assert_eq!(record(&table, &payment(1, "sam", "ana", 10), &limits, at(0)).await, None);
    let mut yen = payment(2, "sam", "bo", 10);
    yen.terms.chosen = Money::new(5_000, Currency::parse("jpy").expect("currency")).expect("money");
    assert_eq!(record(&table, &yen, &limits, at(0)).await, None);
    assert_eq!(record(&table, &payment(3, "sue", "ana", 10), &limits, at(0)).await, None);
    assert!(record(&table, &payment(4, "sam", "cy", 10), &limits, at(0)).await.is_some());
}

#[tokio::test]
async fn an_amount_that_alone_passes_the_days_limit_is_never_recorded() {
    let table = Table::fresh().await;
    let until = record(&table, &payment(1, "sam", "ana", 10), &limits("usd=999", "", ""), at(0)).await;
    assert!(until.is_some());
    assert_eq!(usages(&table, &user("sam"), &creator("ana"), at(0)).await, Usages::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_payments_of_many_senders_as_many_are_recorded_as_their_address_may() {
    let table = Table::fresh().await;
    let tasks: Vec<_> = (0..24)
        .map(|n| {
            let store = table.store.clone();
            tokio::spawn(async move {
                let (limits, address) = (limits("hour=3", "", "hour=10"), address());
                let counted = Counted { limits: &limits, address: Some(&address), at: at(0) };
                let payment = payment(n, &format!("sender-{}", n % 6), "ana", 10);
                store.record_payment_within(&payment, &counted).await.expect("decided")
            })
        })
        .collect();
    let mut recorded = 0;
    for task in tasks {
        match task.await.expect("task") {
            RecordedWithin::Limits(found) => {
                assert!(matches!(*found, Recorded::New(_)), "each is another payment");
                recorded += 1;
            }
            RecordedWithin::None { until } => assert_eq!(until, at(0).next_hour()),
        }
    }
    assert_eq!(recorded, 10);
    let counted = usages(&table, &user("sender-0"), &creator("ana"), at(0)).await;
    assert_eq!(counted.address.payments, 10);
    assert!(counted.sender.payments <= 3);
}

#[tokio::test]
async fn a_count_that_cannot_be_read_is_never_taken_for_none() {
    for (name, value) in [("payments", text("many")), ("hour_x", number(1)), ("amount_usd", text("1"))] {
        let table = Table::fresh().await;
        table.put("SENDER#sam", "DAY#2027-01-15", Item::from([(name.to_owned(), value)])).await;
        let limits = limits("hour=9", "", "");
        let counted = Counted { limits: &limits, address: None, at: at(0) };
        let setting = table.store.decision_context(&creator("ana"), &user("sam"), None, &counted).await;
        assert!(matches!(setting, Err(StoreError::Corrupt { kind: "usage", .. })), "{name}: {setting:?}");
    }
}
