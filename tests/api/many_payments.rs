//! Five thousand payments of one sender to one creator are paged while five hundred others settle.

use black_box::{App, Breakable, text};
use payments::{Fact, Mismatch, Payment, PaymentId, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;

const PAYMENTS: usize = 5_000;
const SETTLING: usize = 500;
const PAGE: usize = 100;
/// A prime, so that payments settle in another order than they are created.
const STRIDE: usize = 7_919;
const SETTLEMENT: &str = "ENTRY#settled";

/// The stored items of one payment: its state, its intent and its settlement.
struct Model {
    id: String,
    intent: String,
    items: Vec<Value>,
}

impl Model {
    async fn of(app: &App, payment: &Value, is_settled: bool) -> Self {
        let (id, intent) = (text(payment, "payment_id"), text(payment, "stripe_payment_intent_id"));
        let mut items = app.items(&format!("INTENT#{intent}")).await;
        let of_payment = app.items(&format!("PAYMENT#{id}")).await;
        let is_of_model = |item: &Value| match text(&item["SK"], "S") {
            SETTLEMENT => is_settled,
            sort_key => !sort_key.starts_with("ENTRY#"),
        };
        items.extend(of_payment.into_iter().filter(is_of_model));
        Self { id: id.to_owned(), intent: intent.to_owned(), items }
    }

    /// The items of another payment like this one.
    fn copy(&self, n: usize) -> Vec<Value> {
        let copy = |item: &Value| {
            let text = item.to_string().replace(&self.id, &payment_id(n));
            let mut copy: Value =
                serde_json::from_str(&text.replace(&self.intent, &format!("pi_{n}"))).expect("JSON");
            let at = |time| Value::from(format!("{time}#{}", payment_id(n)));
            if copy["SK"]["S"] == SETTLEMENT {
                copy["listed_in"]["S"] = format!("RECEIVED#{}#ana", n % 4).into();
                copy["listed_at"]["S"] = at(second(n * STRIDE % PAYMENTS));
            } else if copy.get("listed_at").is_some() {
                copy["listed_at"]["S"] = at(second(n));
            }
            copy
        };
        self.items.iter().map(copy).collect()
    }
}

fn payment_id(n: usize) -> String {
    format!("pay_{n:032x}")
}

fn second(n: usize) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + i64::try_from(n).expect("a small number"))
}

/// One more of those that were created before and settle now, booked at any time of the last hours.
async fn settle_one(stack: &Breakable, n: usize) {
    let id = PaymentId::parse(&payment_id(n)).expect("an id");
    let payment = stack.services.store.payment(&id).await.expect("read").expect("a payment");
    let facts = |_: &Payment| Ok::<_, Mismatch>(vec![Fact::Succeeded]);
    let booked_at = second(n * STRIDE % (2 * PAYMENTS));
    stack.services.store.apply_facts(payment, booked_at, facts).await.expect("settled");
}

/// Reads a list to its end; `between` runs after each page.
async fn all(app: &App, user: &str, role: &str, mut between: impl AsyncFnMut()) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let path = format!("/v1/payments?role={role}&limit={PAGE}{cursor}");
        let page = app.user(user).get(&path).await;
        assert_eq!(page.status, 200, "{page:?}");
        let items = page.body["items"].as_array().expect("a list");
        ids.extend(items.iter().map(|item| text(item, "payment_id").to_owned()));
        pages += 1;
        let Some(next) = page.body["next_cursor"].as_str() else { return (ids, pages) };
        cursor = format!("&cursor={next}");
        between().await;
    }
}

#[tokio::test]
async fn five_thousand_payments_are_paged_once_each_while_five_hundred_settle_out_of_order() {
    let stack = Breakable::start_without_stream().await;
    let app = &stack.app;
    let (paid, open) = (app.user("sam").created("k").await, app.user("sam").created("l").await);
    assert_eq!(app.confirm(&paid, "pm_card_visa").await.status, 200);
    app.deliver_events_of(&paid).await;
    let (settled, open) = (Model::of(app, &paid, true).await, Model::of(app, &open, false).await);
    assert_eq!((settled.items.len(), open.items.len()), (3, 2));
    let mut items: Vec<Value> = (0..PAYMENTS).flat_map(|n| settled.copy(n)).collect();
    items.extend((PAYMENTS..PAYMENTS + SETTLING).flat_map(|n| open.copy(n)));
    app.put_all(&items).await;

    let numbers = |numbers: std::ops::Range<usize>| numbers.map(payment_id).collect::<BTreeSet<_>>();
    let mut settling = PAYMENTS..PAYMENTS + SETTLING;
    for (user, role, expected) in [("ana", "receiver", PAYMENTS), ("sam", "sender", PAYMENTS + SETTLING)] {
        let (read, pages) = all(app, user, role, async || {
            for n in settling.by_ref().take(5) {
                settle_one(&stack, n).await;
            }
        })
        .await;
        let once: BTreeSet<String> = read.iter().cloned().collect();
        assert_eq!(once.len(), read.len(), "none twice");
        assert!(numbers(0..expected).is_subset(&once), "none left out");
        assert!(pages <= read.len().div_ceil(PAGE) + 1, "{pages} pages");
    }
    for n in settling {
        settle_one(&stack, n).await;
    }
    let (read, _) = all(app, "ana", "receiver", async || ()).await;
    let found: BTreeSet<String> = read.iter().filter(|id| **id != settled.id).cloned().collect();
    assert_eq!((found.len(), found), (PAYMENTS + SETTLING, numbers(0..PAYMENTS + SETTLING)));
    assert_eq!(read.len(), PAYMENTS + SETTLING + 1);
}
