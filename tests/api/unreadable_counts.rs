//! What counting needs and this release cannot read: it is given up at once and tells its alarm, and what comes behind it goes on.

use crate::stream::until_totals;
use black_box::{App, eventually, order, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Makes an item unreadable by replacing an attribute, and keeps the rest.
async fn damage(app: &App, partition: &str, attribute: &str) {
    let items = app.items(partition).await;
    let damaged: Vec<Value> = items.into_iter().filter(|item| item.get(attribute).is_some()).collect();
    assert!(!damaged.is_empty(), "{partition}");
    for mut item in damaged {
        item[attribute] = json!({"S": "of a later release"});
        app.put(&item).await;
    }
}

async fn letters(app: &App) -> Vec<Value> {
    let answer = black_box::Answer::to(app.request(Method::GET, "/local/dead-letters")).await;
    answer.body["items"].as_array().cloned().expect("a list")
}

#[tokio::test]
async fn a_mark_that_cannot_be_read_costs_its_payment_alone() {
    let app = App::start().await;
    let payment = app.paid("sam", "one", "pm_card_visa").await;
    until_totals(&app, [1_000, 0, 0, 1]).await;
    let id = text(&payment, "payment_id");
    damage(&app, &format!("COUNTED#PAYMENT#{id}"), "contribution").await;
    let refund = app.user("sam").refund(&payment, "refund", json!({})).await;
    assert!(refund.status < 300, "{refund:?}");
    let given_up = eventually("a dead letter", async || letters(&app).await.into_iter().next()).await;
    assert_eq!(
        given_up["requestContext"]["condition"], "UnreadableRecord",
        "no retry could help: {given_up}"
    );
    app.paid("sam", "two", "pm_card_visa").await;
    until_totals(&app, [2_000, 0, 0, 2]).await;
}

#[tokio::test]
async fn without_readable_generations_nothing_is_counted_and_every_event_goes_out_once() {
    let app = App::start().await;
    app.paid("sam", "one", "pm_card_visa").await;
    until_totals(&app, [1_000, 0, 0, 1]).await;
    let note =
        json!({"PK": {"S": "RECONCILE"}, "SK": {"S": "COUNTS"}, "version": {"S": "of a later release"}});
    app.put(&note).await;
    let payment = app.paid("sam", "two", "pm_card_visa").await;
    eventually("a dead letter", async || letters(&app).await.into_iter().next()).await;
    let last = app.paid("sam", "three", "pm_card_visa").await;
    let is_of = |event: &Value, payment: &Value| event["detail"]["payment_id"] == payment["payment_id"];
    let events = app.published_until("detail_type=PaymentSettled", |event| is_of(event, &last)).await;
    assert_eq!(events.iter().filter(|event| is_of(event, &payment)).count(), 1, "{events:?}");
    assert!(letters(&app).await.iter().all(|it| it["requestContext"]["condition"] == "UnreadableRecord"));
}

#[tokio::test]
async fn a_wave_whose_counters_cannot_be_read_halts_no_more_and_holds_up_nothing() {
    let app = App::start().await;
    let op = app.operator();
    let rule = json!({"dispute_rate_ppm": 300_000, "failure_rate_ppm": 1_000_000, "min_payments": 2});
    let wave = json!({"add": ["bo"], "halt": rule, "reason": "test group"});
    assert_eq!(op.put_wave("test-group", wave).await.status, 200);
    let pay = async |sender: &str| {
        let payment = app.user(sender).pay("k", order("bo", 1_000)).await;
        assert_eq!(payment.status, 201, "{payment:?}");
        assert_eq!(app.confirm(&payment.body, "pm_card_visa").await.status, 200);
        app.user(sender).until_status(&payment.body, "succeeded").await;
    };
    pay("sam").await;
    eventually("a count", async || {
        let counts = app.items("WAVECOUNT#test-group").await;
        counts.iter().any(|item| item.get("counters").is_some()).then_some(())
    })
    .await;
    damage(&app, "WAVECOUNT#test-group", "counters").await;
    pay("tom").await;
    app.paid("uma", "one", "pm_card_visa").await;
    until_totals(&app, [1_000, 0, 0, 1]).await;
    assert_eq!(letters(&app).await, Vec::<Value>::new());
}
