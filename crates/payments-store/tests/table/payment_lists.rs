//! Lists of payments: every page of every list, while payments are created and settle.

use crate::fixtures::{at, creator, given, intent, numbered, user};
use crate::table::{Item, Table, text};
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use payments::*;
use payments_store::{LISTS_INDEX, Page, RECEIVED_SHARDS, StoreError, Stored};
use std::collections::{BTreeMap, BTreeSet};

fn query(list: PaymentList) -> PaymentQuery {
    PaymentQuery { list, reader: ListReader::Owner, from: None, to: None, filter: PaymentFilter::default() }
}

fn sent_by(sender: &str) -> PaymentQuery {
    query(PaymentList::SentBy(user(sender)))
}

fn received_by(receiver: &str) -> PaymentQuery {
    query(PaymentList::ReceivedBy(creator(receiver)))
}

/// A payment from sam to ana that is created at its number, and has an intent.
async fn created(table: &Table, n: u32) -> Stored<Payment> {
    created_as(table, n, |_| ()).await
}

async fn created_as(table: &Table, n: u32, edit: impl FnOnce(&mut PaymentTerms)) -> Stored<Payment> {
    let mut payment = numbered(n);
    payment.terms.created_at = at(i64::from(n));
    edit(&mut payment.terms);
    table.store.record_payment(&payment).await.expect("recorded");
    known(table, n, vec![Fact::Intent(intent(&format!("pi_{n}")))], at(i64::from(n) + 1)).await
}

async fn known(table: &Table, n: u32, facts: Vec<Fact>, now: Timestamp) -> Stored<Payment> {
    let stored = table.store.payment(numbered(n).id()).await.expect("read").expect("recorded");
    table.store.apply_facts(stored, now, given(facts)).await.expect("applied");
    table.store.payment(numbered(n).id()).await.expect("read").expect("recorded")
}

async fn settled(table: &Table, n: u32, now: Timestamp) {
    known(table, n, vec![Fact::Succeeded], now).await;
}

fn numbers(page: &Page<Stored<Payment>>) -> Vec<u32> {
    let number = |stored: &Stored<Payment>| {
        u32::from_str_radix(&stored.value.id().as_str()[4..], 16).expect("a number")
    };
    page.items.iter().map(number).collect()
}

async fn page(table: &Table, query: &PaymentQuery, limit: u8, cursor: Option<&str>) -> Page<Stored<Payment>> {
    table.store.list_payments(query, limit, cursor).await.expect("a page")
}

/// The payments on all pages, and the number of pages.
async fn all(table: &Table, query: &PaymentQuery, limit: u8) -> (Vec<u32>, usize) {
    let (mut found, mut pages, mut cursor) = (Vec::new(), 0, None);
    loop {
        let page = page(table, query, limit, cursor.as_deref()).await;
        assert!(page.items.len() <= usize::from(limit));
        found.extend(numbers(&page));
        pages += 1;
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return (found, pages),
        }
    }
}

#[tokio::test]
async fn an_empty_list_is_one_page() {
    let table = Table::fresh().await;
    assert_eq!(all(&table, &sent_by("sam"), 25).await, (vec![], 1));
    let mut filtered = received_by("ana");
    filtered.filter.sender = Some(user("sam"));
    assert_eq!(all(&table, &filtered, 25).await, (vec![], 1));
}

#[tokio::test]
async fn a_sender_reads_by_creation_and_a_creator_by_settlement() {
    let table = Table::fresh().await;
    for n in 1..=5 {
        created(&table, n).await;
    }
    for (n, when) in [(4, 100), (1, 101), (5, 102), (2, 102)] {
        settled(&table, n, at(when)).await;
    }
    for limit in [1, 2, 4, 5, 100] {
        assert_eq!(all(&table, &sent_by("sam"), limit).await.0, [5, 4, 3, 2, 1]);
        assert_eq!(
            all(&table, &received_by("ana"), limit).await.0,
            [5, 2, 1, 4],
            "payments of one time by id"
        );
        for others in [sent_by("ana"), received_by("sam"), received_by("an"), sent_by("sa")] {
            assert_eq!(all(&table, &others, limit).await.0, Vec::<u32>::new());
        }
    }
}

#[tokio::test]
async fn a_list_with_a_last_full_page_ends_there() {
    let table = Table::fresh().await;
    for n in 1..=4 {
        created(&table, n).await;
        settled(&table, n, at(100)).await;
    }
    for list in [sent_by("sam"), received_by("ana")] {
        assert_eq!(all(&table, &list, 2).await, (vec![4, 3, 2, 1], 2));
        assert_eq!(all(&table, &list, 4).await, (vec![4, 3, 2, 1], 1));
    }
}

#[tokio::test]
async fn what_is_created_and_settles_while_somebody_pages_hides_and_doubles_nothing() {
    let table = Table::fresh().await;
    for n in 1..=30 {
        created(&table, n).await;
    }
    for n in 1..=20 {
        settled(&table, n, at(100 - i64::from(n))).await;
    }
    for (list, expected, mut later) in [(sent_by("sam"), 30, 21..=25), (received_by("ana"), 25, 26..=30)] {
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let page = page(&table, &list, 3, cursor.as_deref()).await;
            found.extend(numbers(&page));
            let Some(next) = page.next_cursor else { break };
            cursor = Some(next);
            if let Some(n) = later.next() {
                // Some are booked with a time that has passed, as by a clock that is slow.
                settled(&table, n, at(if n % 2 == 0 { 200 } else { 85 })).await;
            }
        }
        let once: BTreeSet<u32> = found.iter().copied().collect();
        assert_eq!(once.len(), found.len(), "{found:?}");
        assert!(later.is_empty() && (1..=expected).all(|n| once.contains(&n)), "{found:?}");
    }
    assert_eq!(all(&table, &received_by("ana"), 7).await.0.len(), 30);
}

#[tokio::test]
async fn times_limit_a_list_from_the_first_on_and_before_the_last() {
    let table = Table::fresh().await;
    for n in 1..=6 {
        created(&table, n).await;
        settled(&table, n, at(100 + i64::from(n))).await;
    }
    for (mut list, base) in [(sent_by("sam"), 0), (received_by("ana"), 100)] {
        for (from, to, expected) in [
            (Some(2), Some(5), vec![4, 3, 2]),
            (Some(5), None, vec![6, 5]),
            (None, Some(2), vec![1]),
            (Some(5), Some(5), vec![]),
            (Some(5), Some(2), vec![]),
        ] {
            (list.from, list.to) = (from.map(|n| at(base + n)), to.map(|n| at(base + n)));
            assert_eq!(all(&table, &list, 2).await.0, expected, "{from:?} {to:?}");
        }
    }
}

#[tokio::test]
async fn a_filtered_page_reads_at_most_four_times_its_limit_and_can_be_short() {
    let table = Table::fresh().await;
    for n in 1..=30 {
        let context = if n % 10 == 0 { "room/1" } else { "room/2" };
        created_as(&table, n, |terms| terms.context = Context::parse(context).ok()).await;
    }
    let mut list = sent_by("sam");
    list.filter.context = Context::parse("room/1").ok();
    let first = page(&table, &list, 2, None).await;
    assert_eq!((numbers(&first), first.next_cursor.is_some()), (vec![30], true), "eight are read");
    assert_eq!(all(&table, &list, 2).await, (vec![30, 20, 10], 4));
    assert_eq!(all(&table, &list, 10).await, (vec![30, 20, 10], 1));
}

#[tokio::test]
async fn a_payment_that_this_release_cannot_read_is_left_out_and_counted() {
    let table = Table::fresh().await;
    for n in 1..=3 {
        created(&table, n).await;
    }
    table.put(&format!("PAYMENT#{}", numbered(2).id()), "STATE", Item::new()).await;
    let page = page(&table, &sent_by("sam"), 10, None).await;
    assert_eq!((numbers(&page), page.unreadable, page.next_cursor), (vec![3, 1], 1, None));
}

#[tokio::test]
async fn a_cursor_serves_its_own_question_only_and_no_change_of_it_is_one() {
    let table = Table::fresh().await;
    for n in 1..=3 {
        created(&table, n).await;
    }
    let mine = sent_by("sam");
    let cursor = page(&table, &mine, 1, None).await.next_cursor.expect("more");
    assert_eq!(numbers(&page(&table, &mine, 5, Some(&cursor)).await), [2, 1]);
    let mut later = mine.clone();
    later.from = Some(at(0));
    let mut of_operator = mine.clone();
    of_operator.reader = ListReader::Operator;
    for other in [sent_by("kim"), received_by("sam"), later, of_operator] {
        let refused = table.store.list_payments(&other, 1, Some(&cursor)).await;
        assert!(matches!(refused, Err(StoreError::InvalidCursor)), "{other:?}");
    }
    let bytes = URL_SAFE_NO_PAD.decode(&cursor).expect("base64");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let refused = table.store.list_payments(&mine, 1, Some(&URL_SAFE_NO_PAD.encode(changed))).await;
        assert!(matches!(refused, Err(StoreError::InvalidCursor)), "byte {at}");
    }
    for bad in ["", "x", "é", &cursor[..cursor.len() - 4], &format!("{cursor}AAAA")] {
        let refused = table.store.list_payments(&mine, 1, Some(bad)).await;
        assert!(matches!(refused, Err(StoreError::InvalidCursor)), "{bad}");
    }
}

#[tokio::test]
async fn the_places_of_a_payment_are_written_once_and_a_creators_are_spread() {
    let table = Table::fresh().await;
    let mut shards: BTreeMap<String, u32> = BTreeMap::new();
    for n in 1..=40 {
        created(&table, n).await;
        settled(&table, n, at(100)).await;
        let id = numbered(n).id().clone();
        let entry = async || table.item(&format!("PAYMENT#{id}"), "ENTRY#settled").await.expect("an entry");
        let before = entry().await;
        let known = table.item(&format!("INTENT#pi_{n}"), "PAYMENT").await.expect("an intent");
        let position = |time: Timestamp| text(&format!("{time}#{id}"));
        assert_eq!((&known["listed_in"], &known["listed_at"]), (&text("SENT#sam"), &position(at(n.into()))));
        assert_eq!(before["listed_at"], position(at(100)));
        *shards.entry(before["listed_in"].as_s().expect("a text").clone()).or_default() += 1;
        let failed = RefundFact::AtStripe(
            RefundId::parse("re_1").expect("id"),
            RefundSplit { creator: 1, platform: 0, request: None },
            RefundStatus::Failed,
        );
        self::known(&table, n, vec![Fact::Refund(failed)], at(200)).await;
        assert_eq!(entry().await, before);
        let state = table.item(&format!("PAYMENT#{id}"), "STATE").await.expect("a state");
        assert!(!state.contains_key("listed_in"));
        let others = table.items(&format!("PAYMENT#{id}")).await;
        assert_eq!(others.iter().filter(|item| item.contains_key("listed_in")).count(), 1);
    }
    let expected: Vec<String> = (0..RECEIVED_SHARDS).map(|shard| format!("RECEIVED#{shard}#ana")).collect();
    assert_eq!(shards.keys().cloned().collect::<Vec<_>>(), expected);
}

/// The read units of the newest `limit + 1` places of a partition, by DynamoDB's own count.
async fn units(table: &Table, partition: &str, limit: i32) -> (usize, f64) {
    let query = table.raw.query().table_name(&table.name).index_name(LISTS_INDEX);
    let query = query
        .key_condition_expression("listed_in = :list")
        .expression_attribute_values(":list", text(partition))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .limit(limit + 1);
    let answer = query.send().await.expect("read");
    let units = answer.consumed_capacity.and_then(|consumed| consumed.capacity_units).expect("units");
    (answer.items.unwrap_or_default().len(), units)
}

#[tokio::test]
async fn a_payment_of_a_page_is_two_read_units() {
    let table = Table::fresh().await;
    for n in 1..=25 {
        created(&table, n).await;
        settled(&table, n, at(100)).await;
    }
    let key = |n, sk: &str| -> Item {
        let key = [("PK", format!("PAYMENT#{}", numbered(n).id())), ("SK", sk.to_owned())];
        key.map(|(name, value)| (name.to_owned(), text(&value))).into_iter().collect()
    };
    let keys = (1..=25).flat_map(|n| ["STATE", "TERMS"].map(|sk| key(n, sk))).collect();
    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build().expect("keys");
    let batch = table.raw.batch_get_item().request_items(&table.name, keys);
    let batch = batch.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.expect("read");
    let units = batch.consumed_capacity.unwrap_or_default()[0].capacity_units;
    assert_eq!(units, Some(50.0));
}

#[tokio::test]
async fn places_are_small_so_a_page_reads_few_units_of_the_index() {
    let table = Table::fresh().await;
    let people = ["8c5ac9d4-7a3e-4a52-9b57-0a5f5d6f1c11", "f3b1a6f2-25f4-4f0e-8a5e-2e9c1d1f7b22"];
    let [sam, ana] = people;
    for n in 0..101 {
        let place = |partition: String, id: &str| {
            let listed = [("listed_in", partition), ("listed_at", format!("{}#{id}", at(n)))];
            listed.map(|(name, value)| (name.to_owned(), text(&value))).into_iter().collect::<Item>()
        };
        let id = format!("pay_{n:032x}");
        let intent = format!("INTENT#pi_3Rabcdefghijklmnopqr{n:04}");
        table.put(&intent, "PAYMENT", place(format!("SENT#{sam}"), &id)).await;
        let received = place(format!("RECEIVED#0#{ana}"), &id);
        table.put(&format!("PAYMENT#{id}"), "ENTRY#settled", received).await;
    }
    for (limit, sent, received) in [(25, 1.0, 1.0), (100, 2.5, 2.5)] {
        let places = usize::try_from(limit + 1).expect("a number");
        assert_eq!(units(&table, &format!("SENT#{sam}"), limit).await, (places, sent));
        assert_eq!(units(&table, &format!("RECEIVED#0#{ana}"), limit).await, (places, received));
    }
}
