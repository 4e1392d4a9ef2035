//! Parked events: listed with their reason, shown with their body, and applied once when they can be.

use black_box::{Answer, App, Caller, text};
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "/v1/admin/quarantine";

async fn redrive(operator: &Caller<'_>, id: &str) -> Answer {
    Answer::to(operator.request(Method::POST, &format!("{LIST}/{id}/redrive"))).await
}

async fn listed(operator: &Caller<'_>) -> Vec<Value> {
    let mut items = Vec::new();
    let mut path = format!("{LIST}?limit=2");
    loop {
        let page = operator.get(&path).await;
        assert_eq!(page.status, 200, "{page:?}");
        items.extend(page.body["items"].as_array().cloned().expect("items"));
        match page.body["next_cursor"].as_str() {
            Some(cursor) => path = format!("{LIST}?limit=2&cursor={cursor}"),
            None => return items,
        }
    }
}

#[tokio::test]
async fn an_unreadable_event_is_listed_with_its_reason_and_shown_with_its_body() {
    let app = App::start().await;
    let operator = app.operator();
    assert_eq!(listed(&operator).await, [] as [Value; 0]);
    let unreadable = r#"{"id": "evt_odd", "type": "charge.dispute.created", "livemode": "no"}"#;
    for body in [unreadable, "not JSON at all", "[]"] {
        assert_eq!(app.deliver(body).await.status, 200);
        assert_eq!(app.deliver(body).await.status, 200);
    }
    let items = listed(&operator).await;
    assert_eq!(items.len(), 3, "{items:?}");
    let odd = items.iter().find(|item| item["event_id"] == "evt_odd").expect("listed by its id");
    assert_eq!(odd["event_type"], "charge.dispute.created");
    assert!(text(odd, "reason").contains("cannot be read"), "{odd}");
    assert_eq!((&odd["redriven_at"], &odd["body_bytes"]), (&Value::Null, &json!(unreadable.len())));
    assert!(items.iter().all(|item| item.get("body").is_none()), "{items:?}");
    for item in &items {
        let shown = operator.get(&format!("{LIST}/{}", text(item, "event_id"))).await;
        assert_eq!((shown.status, &shown.body["reason"]), (200, &item["reason"]));
        assert_eq!(
            text(&shown.body, "body").len(),
            usize::try_from(item["body_bytes"].as_u64().expect("n")).expect("n")
        );
    }
    assert_eq!(operator.get(&format!("{LIST}/evt_odd")).await.body["body"], unreadable);
}

#[tokio::test]
async fn a_redriven_event_that_still_cannot_be_applied_stays_parked() {
    let app = App::start().await;
    let operator = app.operator();
    let payment = app.user("sam").created("k").await;
    let mut event = app.succeeded_event(&payment).await;
    event["data"]["object"]["metadata"]["payment_id"] = json!("pay_00000000000000000000000000000000");
    event["data"]["object"]["id"] = json!("pi_of_no_payment");
    assert_eq!(app.deliver(event.to_string()).await.status, 200);
    let before = app.table().await;
    for _ in 0..2 {
        let answer = redrive(&operator, "evt_made_up").await;
        assert_eq!((answer.status, &answer.body["outcome"]), (200, &json!("still_parked")), "{answer:?}");
        assert_eq!(answer.body["reason"], listed(&operator).await[0]["reason"]);
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn an_event_that_came_before_its_payment_is_applied_once_when_it_is_redriven() {
    let app = App::start().await;
    let (operator, sam) = (app.operator(), app.user("sam"));
    // The row is absent when the event comes, as after a restore of the table.
    let payment = sam.created("k").await;
    let partition = format!("PAYMENT#{}", text(&payment, "payment_id"));
    let row = app.items(&partition).await.remove(0);
    app.delete(&row).await;
    let event = app.succeeded_event(&payment).await.to_string();
    assert_eq!(app.deliver(event.clone()).await.status, 200);
    assert_eq!(redrive(&operator, "evt_made_up").await.body["outcome"], "still_parked");

    app.put(&row).await;
    assert_eq!(redrive(&operator, "evt_made_up").await.body["outcome"], "applied");
    assert_eq!(sam.payment(&payment).await.body["status"], "succeeded");
    let applied = app.items(&partition).await;
    assert_eq!(app.postings(&payment).await.len(), 3);
    let marked = listed(&operator).await.remove(0);
    assert!(marked["redriven_at"].is_string(), "{marked}");
    // Redriven and delivered again, it changes nothing more.
    assert_eq!(redrive(&operator, "evt_made_up").await.body["outcome"], "applied");
    assert_eq!(app.deliver(event).await.status, 200);
    assert_eq!(app.items(&partition).await, applied);
    assert_eq!(listed(&operator).await, [marked]);
}

#[tokio::test]
async fn the_quarantine_is_for_operators_and_an_unknown_event_is_404() {
    let app = App::start().await;
    let (operator, sam) = (app.operator(), app.user("sam"));
    for path in [LIST, "/v1/admin/quarantine/evt_1"] {
        assert_eq!(sam.get(path).await.status, 403);
    }
    assert_eq!(redrive(&sam, "evt_1").await.status, 403);
    for id in ["evt_1", "evt_", "sha256:00", "%00", "x"] {
        assert_eq!(operator.get(&format!("{LIST}/{id}")).await.problem(), (404, "not_found"), "{id}");
        assert_eq!(redrive(&operator, id).await.problem(), (404, "not_found"), "{id}");
    }
    for query in ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=%00"] {
        assert_eq!(operator.get(&format!("{LIST}?{query}")).await.status, 400, "{query}");
    }
}
