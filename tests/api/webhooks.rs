//! Deliveries: forged, stale, doubled, foreign, unreadable, too early.

use black_box::{App, now_s, signature, text};
use serde_json::{Value, json};

/// A payment that succeeded, with the events that Stripe made of it.
async fn paid(app: &App) -> (Value, Vec<Value>) {
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let events = app.events_of(&payment).await;
    (payment, events)
}

/// An event of an open payment that says it succeeded, as Stripe would send it.
async fn succeeded(app: &App, payment: &Value) -> Value {
    let mut event = app.events_of(payment).await.remove(0);
    event["id"] = json!("evt_made_up");
    event["type"] = json!("payment_intent.succeeded");
    event["data"]["object"]["status"] = json!("succeeded");
    event["data"]["object"]["amount_received"] = event["data"]["object"]["amount"].clone();
    event
}

async fn parked(app: &App) -> Vec<Value> {
    let is_parked = |item: &Value| item["PK"]["S"].as_str().is_some_and(|pk| pk.starts_with("PARKED#"));
    app.table().await.into_iter().filter(is_parked).collect()
}

#[tokio::test]
async fn every_event_again_in_any_order_changes_nothing() {
    let app = App::start().await;
    let (payment, events) = paid(&app).await;
    let before = app.table().await;
    for event in events.iter().rev().chain(&events).chain(events.iter().rev()) {
        assert_eq!(app.deliver(event.to_string()).await.status, 200);
    }
    assert_eq!(app.table().await, before);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn a_forged_or_stale_delivery_is_400_and_changes_nothing() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = succeeded(&app, &payment).await.to_string().into_bytes();
    let now = now_s();
    let good = signature("whsec_local", now, &event);
    let forgeries = [
        signature("whsec_other", now, &event),
        signature("whsec_local", now - 301, &event),
        signature("whsec_local", now + 330, &event),
        signature("whsec_local", now, b"another body"),
        good.replace("v1=", "v0="),
        format!("t={now}"),
        String::new(),
        "garbage".to_owned(),
    ];
    for forgery in forgeries {
        let answer = app.deliver_signed(event.clone(), &forgery).await;
        assert_eq!(answer.problem(), (400, "invalid_signature"), "{forgery}");
    }
    assert_eq!(app.postings(&payment).await, []);
    assert_eq!(app.deliver_signed(event, &good).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn the_signature_is_over_the_bytes_as_sent() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = succeeded(&app, &payment).await;
    // Other white space and escapes than any serializer of ours would write.
    let odd = serde_json::to_string_pretty(&event)
        .expect("JSON")
        .replace("usd", "\\u0075sd")
        .replace('\n', "\r\n ");
    assert_eq!(app.deliver(odd).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn an_event_that_is_not_ours_is_200_and_not_kept() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let before = app.table().await;
    let mut foreign = succeeded(&app, &payment).await;
    foreign["data"]["object"]["metadata"] = json!({});
    let mut connected = succeeded(&app, &payment).await;
    connected["account"] = json!("acct_1ABC");
    let mut live = succeeded(&app, &payment).await;
    live["livemode"] = json!(true);
    let mut unknown = succeeded(&app, &payment).await;
    unknown["type"] = json!("brand.new_thing");
    for event in [foreign, connected, live, unknown] {
        assert_eq!(app.deliver(event.to_string()).await.status, 200, "{event}");
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn an_authentic_event_that_cannot_be_applied_is_kept_with_its_body_and_answered_200() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = succeeded(&app, &payment).await;
    let altered = |id: &str, path: &str, value: Value| {
        let mut altered = event.clone();
        altered["id"] = json!(id);
        *altered.pointer_mut(path).expect("a field") = value;
        altered.to_string()
    };
    let unapplicable = [
        altered("evt_1", "/data/object/amount", json!(1)),
        altered("evt_2", "/data/object/transfer_data/amount", json!(1)),
        altered("evt_3", "/data/object/currency", json!("eur")),
        altered("evt_4", "/data/object/status", json!("teleported")),
        altered("evt_5", "/data/object/amount", json!("many")),
        altered("evt_6", "/data/object/metadata/payment_id", json!("pay_00000000000000000000000000000000")),
        "{\"id\": \"evt_7\", \"type\": \"payment_intent.succeeded\"}".to_owned(),
        "not JSON at all".to_owned(),
    ];
    for body in &unapplicable {
        assert_eq!(app.deliver(body.clone()).await.status, 200, "{body}");
        assert_eq!(app.deliver(body.clone()).await.status, 200, "{body}");
    }
    assert_eq!(app.deliver(vec![0xff, 0xfe, 0x00]).await.status, 200);
    assert_eq!(app.postings(&payment).await, []);
    let parked = parked(&app).await;
    assert_eq!(parked.len(), unapplicable.len() + 1);
    assert!(parked.iter().all(|item| item["body"]["B"].is_string() && item["reason"]["S"].is_string()));
}

#[tokio::test]
async fn an_event_whose_payment_has_no_intent_yet_attaches_it() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let id = text(&payment, "payment_id");
    let intent = text(&payment, "stripe_payment_intent_id");
    let mapping = app.items(&format!("INTENT#{intent}")).await;
    assert_eq!(mapping.len(), 1);
    assert_eq!(mapping[0]["payment_id"]["S"], id);
}

#[tokio::test]
async fn paid_outranks_canceled_whichever_comes_first() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let paid = succeeded(&app, &payment).await;
    let mut canceled = paid.clone();
    canceled["id"] = json!("evt_canceled");
    canceled["type"] = json!("payment_intent.canceled");
    canceled["data"]["object"]["status"] = json!("canceled");
    assert_eq!(app.deliver(canceled.to_string()).await.status, 200);
    app.user("sam").until_status(&payment, "canceled").await;
    assert_eq!(app.deliver(paid.to_string()).await.status, 200);
    app.user("sam").until_status(&payment, "succeeded").await;
    assert_eq!(app.postings(&payment).await.len(), 3);
}
