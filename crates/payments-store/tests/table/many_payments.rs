//! Five thousand payments of one sender to one creator are paged while five hundred others settle.

use crate::fixtures::{at, creator, given, intent, numbered, user};
use crate::table::{Item, Table, text};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::*;
use payments_store::RECEIVED_SHARDS;
use std::collections::BTreeSet;
use std::ops::Range;

const PAYMENTS: u32 = 5_000;
const SETTLING: u32 = 500;
const PAGE: u8 = 100;
/// A prime, so that payments settle in another order than they are created.
const STRIDE: u32 = 7_919;
/// The number of the payment whose items are copied.
const MODEL: u32 = 9_999;

/// The items of an open payment, or of one that has settled.
async fn model(table: &Table, is_settled: bool) -> Vec<Item> {
    let table = if is_settled { table } else { &Table::fresh().await };
    let mut payment = numbered(MODEL);
    (payment.terms.message, payment.terms.context) = (None, None);
    table.store.record_payment(&payment).await.expect("recorded");
    let stored = table.store.payment(numbered(MODEL).id()).await.expect("read").expect("recorded");
    let mut facts = vec![Fact::Intent(intent("pi_model"))];
    facts.extend(is_settled.then_some(Fact::Succeeded));
    table.store.apply_facts(stored, at(0), given(facts)).await.expect("applied");
    let mut items = table.items(&format!("PAYMENT#{}", numbered(MODEL).id())).await;
    items.extend(table.items("INTENT#pi_model").await);
    items
}

/// The items of payment `n`, like those of the model.
fn copy(model: &[Item], n: u32) -> impl Iterator<Item = Item> {
    let id = numbered(n).id().to_string();
    model.iter().map(move |item| {
        let mut copy = renamed(item, n);
        let place = |time: Timestamp| text(&format!("{time}#{id}"));
        if copy["SK"] == text("ENTRY#settled") {
            let shard = n % u32::from(RECEIVED_SHARDS);
            copy.insert("listed_in".to_owned(), text(&format!("RECEIVED#{shard}#ana")));
            copy.insert("listed_at".to_owned(), place(at((n * STRIDE % PAYMENTS).into())));
        } else if copy.contains_key("listed_at") {
            copy.insert("listed_at".to_owned(), place(at(n.into())));
        }
        copy
    })
}

fn renamed(item: &Item, n: u32) -> Item {
    item.iter().map(|(name, value)| (name.clone(), renamed_value(value, n))).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
fn renamed_value(value: &AttributeValue, n: u32) -> AttributeValue {
    let model = numbered(MODEL).id().to_string();
    match value {
        AttributeValue::S(text) => AttributeValue::S(
            text.replace(&model, numbered(n).id().as_str()).replace("pi_model", &format!("pi_{n}")),
        ),
        AttributeValue::L(list) => {
            AttributeValue::L(list.iter().map(|value| renamed_value(value, n)).collect())
        }
        AttributeValue::M(map) => AttributeValue::M(renamed(map, n)),
        other => other.clone(),
    }
}

/// Settles one more, booked at any time of the last hours.
async fn settle_one(table: &Table, n: u32) {
    let payment = table.store.payment(numbered(n).id()).await.expect("read").expect("a payment");
    let booked_at = at((n * STRIDE % (2 * PAYMENTS)).into());
    table.store.apply_facts(payment, booked_at, given(vec![Fact::Succeeded])).await.expect("settled");
}

/// Reads a list to its end; `between` runs after each page.
async fn all(table: &Table, list: &PaymentList, mut between: impl AsyncFnMut()) -> (Vec<PaymentId>, usize) {
    let filter = PaymentFilter::default();
    let query = PaymentQuery { list: list.clone(), reader: ListReader::Owner, from: None, to: None, filter };
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, None);
    loop {
        let page = table.store.list_payments(&query, PAGE, cursor.as_deref()).await.expect("a page");
        ids.extend(page.items.iter().map(|stored| stored.value.id().clone()));
        pages += 1;
        let Some(next) = page.next_cursor else { return (ids, pages) };
        cursor = Some(next);
        between().await;
    }
}

fn ids(numbers: Range<u32>) -> BTreeSet<PaymentId> {
    numbers.chain([MODEL]).map(|n| numbered(n).id().clone()).collect()
}

#[tokio::test]
async fn five_thousand_payments_are_paged_once_each_while_five_hundred_settle_out_of_order() {
    let table = Table::fresh().await;
    let (settled, open) = (model(&table, true).await, model(&table, false).await);
    let mut items: Vec<Item> = (0..PAYMENTS).flat_map(|n| copy(&settled, n)).collect();
    items.extend((PAYMENTS..PAYMENTS + SETTLING).flat_map(|n| copy(&open, n)));
    table.import(items).await;

    let received = PaymentList::ReceivedBy(creator("ana"));
    let sent = PaymentList::SentBy(user("sam"));
    let mut settling = PAYMENTS..PAYMENTS + SETTLING;
    for (list, expected) in [(&received, PAYMENTS), (&sent, PAYMENTS + SETTLING)] {
        let (read, pages) = all(&table, list, async || {
            for n in settling.by_ref().take(5) {
                settle_one(&table, n).await;
            }
        })
        .await;
        let once: BTreeSet<PaymentId> = read.iter().cloned().collect();
        assert_eq!(once.len(), read.len(), "none twice");
        assert!(ids(0..expected).is_subset(&once), "none left out");
        assert!(pages <= read.len().div_ceil(usize::from(PAGE)), "{pages} pages");
    }
    assert!(settling.is_empty(), "all have settled");
}
