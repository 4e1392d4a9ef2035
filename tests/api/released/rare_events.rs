//! Events with fields that those of the golden flows leave out.

use black_box::{App, Caller, eventually, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Types of events, each with what it has then.
const WITH: [(&str, &str); 11] = [
    ("DisputeClosed", "context"),
    ("DisputeOpened", "context"),
    ("DisputeReinstated", "context"),
    ("DisputeWithdrawn", "context"),
    ("FraudWarningReceived", "context"),
    ("PaymentCanceled", "context"),
    ("PaymentRefunded", "context"),
    ("PaymentSettled", "context"),
    ("RefundFailed", "context"),
    ("RolloutChanged", "cancel_open_until"),
    ("WaveChanged", "starts_at"),
];

/// The events, each with its type.
pub(super) async fn rare_events() -> Vec<(String, Value)> {
    let app = App::start().await;
    let op = app.operator();
    let wave = json!({"add": ["bo"], "starts_at": "2026-01-01T00:00:00Z", "reason": "Tests"});
    assert_eq!(op.put_wave("second-group", wave).await.status, 200);
    refunded(&app).await;
    disputed(&app).await;
    let open = ordered(&app.user("lea")).await;
    let cancel = format!("/v1/payment_intents/{}/cancel", text(&open, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &cancel, &[]).await.status, 200);
    app.deliver_events_of(&open).await;
    let stopped = json!({"cancel_open": true, "reason": "Incident"});
    assert_eq!(op.put("/v1/admin/rollout", stopped).await.status, 200);
    let mut events = Vec::new();
    for (detail_type, field) in WITH {
        let has_it = |event: &Value| !event["detail"][field].is_null();
        let mut told = app.published_until(&format!("detail_type={detail_type}"), has_it).await;
        events.extend(told.pop().map(|event| (detail_type.to_owned(), event["detail"].clone())));
    }
    events
}

/// A payment with a context.
async fn ordered(sender: &Caller<'_>) -> Value {
    let order = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd", "context": "room/7"});
    let answer = sender.pay("k", order).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

async fn refunded(app: &App) {
    let sam = app.user("sam");
    let payment = ordered(&sam).await;
    assert_eq!(app.confirm(&payment, "pm_card_refundFail").await.status, 200);
    app.deliver_events_of(&payment).await;
    assert_eq!(sam.refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    let failed =
        async || app.refunds_at_stripe(&payment).await.pop().filter(|refund| refund["status"] == "failed");
    eventually("the refund failed", failed).await;
    app.deliver_all().await;
}

async fn disputed(app: &App) {
    let payment = ordered(&app.user("tom")).await;
    assert_eq!(app.confirm(&payment, "pm_card_createDispute").await.status, 200);
    let dispute = eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    app.deliver_all().await;
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let evidence = [("evidence[uncategorized_text]", "winning_evidence")];
    assert_eq!(app.stripe(Method::POST, &path, &evidence).await.status, 200);
    let won = async || app.listed("/v1/disputes").await.pop().filter(|dispute| dispute["status"] == "won");
    eventually("the dispute is won", won).await;
    let charge = [("charge", text(&dispute, "charge"))];
    assert_eq!(app.stripe(Method::POST, "/stand_in/early_fraud_warnings", &charge).await.status, 200);
    app.deliver_all().await;
}
