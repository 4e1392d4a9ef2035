//! Cards that are tried out on one intent.

use black_box::{App, eventually, text};
use serde_json::Value;

/// The records of intents on which a sender tried cards.
async fn card_testing_records(app: &App) -> Vec<Value> {
    let items = app.items("SENDER#sam").await;
    let is_count = |item: &Value| item["SK"]["S"].as_str().is_some_and(|sk| sk.starts_with("CARD_TESTING#"));
    items.into_iter().filter(is_count).collect()
}

#[tokio::test]
async fn the_fifth_card_that_fails_closes_the_intent_and_counts_the_sender() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    for _ in 0..4 {
        assert_eq!(app.confirm(&payment, "pm_card_chargeDeclined").await.status, 402);
    }
    // Every event about the four is delivered, and the intent is still payable.
    eventually("delivered", async || {
        app.listed("/v1/events?limit=1&delivery_success=false").await.is_empty().then_some(())
    })
    .await;
    assert_eq!(app.intents().await[0]["status"], "requires_payment_method");
    assert_eq!(card_testing_records(&app).await, [] as [Value; 0]);

    assert_eq!(app.confirm(&payment, "pm_card_chargeDeclined").await.status, 402);
    sam.until_status(&payment, "canceled").await;
    let intent = app.intents().await.remove(0);
    assert_eq!(
        (&intent["status"], &intent["cancellation_reason"]),
        (&"canceled".into(), &"fraudulent".into())
    );
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 400);
    let records = card_testing_records(&app).await;
    assert_eq!(records.len(), 1);
    assert!(text(&records[0]["SK"], "S").ends_with(text(&payment, "payment_id")), "{records:?}");
    assert_eq!(app.postings(&payment).await, []);
}
