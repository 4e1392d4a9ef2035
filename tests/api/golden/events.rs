//! Every event that the app is told.

use super::without_what_varies;
use crate::released;
use black_box::{App, Breakable, Goldens, event_schema, eventually, schema_violations, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The fields of an event that we set.
const OURS: [&str; 3] = ["source", "detail-type", "detail"];

#[tokio::test]
async fn every_event_is_told_as_before() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let mut events = Events { app, goldens: Goldens::of("events"), told: BTreeMap::new() };
    of_operators(app, &mut events).await;
    of_payments(app, &mut events).await;
    of_payouts(app, &mut events).await;
    of_refunds(app, &mut events).await;
    of_disputes(app, &mut events).await;
    let names = events.goldens.hold();
    let types: BTreeSet<String> = names.iter().map(|name| super::subject(name).to_owned()).collect();
    assert_eq!(types, documented(), "a golden event of every type in docs/EVENTS.md");
    released::freeze_events(events.told).await;
}

fn documented() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/EVENTS.md");
    let document = fs::read_to_string(path).expect("docs/EVENTS.md");
    document.lines().filter_map(|line| line.strip_prefix("### ").map(str::to_owned)).collect()
}

struct Events<'a> {
    app: &'a App,
    goldens: Goldens,
    /// The details of what was told, by type.
    told: BTreeMap<String, Vec<Value>>,
}

impl Events<'_> {
    /// The first event of a type that fits, whether it was told already or is still to come.
    async fn golden(&mut self, name: &str, fits: impl Fn(&Value) -> bool) {
        let detail_type = super::subject(name);
        let filter = format!("detail_type={detail_type}");
        let told = self.app.published_until(&filter, |event| fits(&event["detail"])).await;
        let details = told.iter().map(|event| event["detail"].clone());
        self.told.entry(detail_type.to_owned()).or_default().extend(details);
        let mut event = told.last().expect("the one that fits").clone();
        let violations = schema_violations(&event_schema(detail_type), &event["detail"]);
        assert!(violations.is_empty(), "{name}: {violations:?}");
        for (version, schema) in released::frozen_schemas(detail_type) {
            let broken = released::broken_promises(&schema, &event["detail"]);
            assert!(broken.is_empty(), "{name} by the schema of {version}: {broken:?}");
        }
        // EventBridge's own are not ours to hold.
        event.as_object_mut().expect("an envelope").retain(|field, _| OURS.contains(&field.as_str()));
        self.goldens.golden(name, &without_what_varies(self.app, &event));
    }
}

async fn of_operators(app: &App, events: &mut Events<'_>) {
    let op = app.operator();
    let halt = json!({"dispute_rate_ppm": 10_000, "failure_rate_ppm": 300_000, "min_payments": 50});
    let wave = json!({"add": ["bo"], "deny": ["eve"], "halt": halt, "reason": "First test group"});
    assert_eq!(op.put_wave("test-group", wave).await.status, 200);
    events.golden("WaveChanged", |detail| detail["change"] == "opened").await;
    events.golden("ReceivingChanged", |detail| detail["waves"][0] == "test-group").await;
    events.golden("ReceivingChanged.denied", |detail| detail["creator_id"] == "eve").await;
    app.halt("test-group").await;
    events.golden("WaveHalted", |_| true).await;
    assert_eq!(op.resume("test-group").await.status, 200);
    events.golden("WaveChanged.resumed", |detail| detail["change"] == "resumed").await;
    let rollout = json!({"percentage": 10, "reason": "A tenth"});
    assert_eq!(op.put("/v1/admin/rollout", rollout).await.status, 200);
    events.golden("RolloutChanged", |detail| detail["percentage"] == 10).await;
    app.delete(&app.items("AUDIT#rollout").await[0]).await;
    events.golden("AuditTampered", |_| true).await;
}

async fn of_payments(app: &App, events: &mut Events<'_>) {
    let order = json!({"creator_id": "bo", "amount": 1_000, "currency": "usd", "message": "Thank you"});
    let payment = app.user("sam").pay("k", order).await.body;
    paid(app, &payment, "pm_card_visa").await;
    events.golden("PaymentSettled", of(&payment)).await;
    let opinion = json!({"rating": 4, "text": "Quick", "payment_id": payment["payment_id"]});
    assert_eq!(app.user("sam").post("/v1/feedback", opinion).await.status, 201);
    events.golden("FeedbackGiven", of(&payment)).await;
    let order = json!({"creator_id": "ana", "amount": 500, "currency": "usd", "anonymous": true});
    let anonymous = app.user("kim").pay("k", order).await.body;
    paid(app, &anonymous, "pm_card_visa").await;
    events.golden("PaymentSettled.anonymous", of(&anonymous)).await;
    let open = app.user("lea").created("k").await;
    let cancel = format!("/v1/payment_intents/{}/cancel", text(&open, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &cancel, &[]).await.status, 200);
    app.deliver_events_of(&open).await;
    events.golden("PaymentCanceled", of(&open)).await;
}

async fn of_payouts(app: &App, events: &mut Events<'_>) {
    app.pay_out("bo", 400).await;
    let payouts = app.user("bo").get("/v1/creators/bo/payouts").await.body;
    let payout = text(&payouts["items"][0], "stripe_payout_id");
    app.complete_payout(payout).await;
    app.fail_payout(payout, "account_closed").await;
    app.deliver_all().await;
    events.golden("CreatorPayoutPaid", |_| true).await;
    events.golden("CreatorPayoutFailed", |_| true).await;
}

async fn of_refunds(app: &App, events: &mut Events<'_>) {
    let sam = app.user("sam");
    let payment = sam.created("refunded").await;
    paid(app, &payment, "pm_card_refundFail").await;
    assert_eq!(sam.refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    events.golden("PaymentRefunded", of(&payment)).await;
    let failed =
        async || app.refunds_at_stripe(&payment).await.pop().filter(|refund| refund["status"] == "failed");
    eventually("the refund failed", failed).await;
    app.deliver_all().await;
    events.golden("RefundFailed", of(&payment)).await;
}

async fn of_disputes(app: &App, events: &mut Events<'_>) {
    let payment = app.user("tom").created("k").await;
    paid(app, &payment, "pm_card_createDispute").await;
    let dispute = eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    app.deliver_all().await;
    events.golden("DisputeOpened", of(&payment)).await;
    events.golden("DisputeWithdrawn", of(&payment)).await;
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let evidence = [("evidence[uncategorized_text]", "winning_evidence")];
    assert_eq!(app.stripe(Method::POST, &path, &evidence).await.status, 200);
    let won = async || app.listed("/v1/disputes").await.pop().filter(|dispute| dispute["status"] == "won");
    eventually("the dispute is won", won).await;
    app.deliver_all().await;
    events.golden("DisputeClosed", of(&payment)).await;
    events.golden("DisputeReinstated", of(&payment)).await;
    let charge = [("charge", text(&dispute, "charge"))];
    assert_eq!(app.stripe(Method::POST, "/stand_in/early_fraud_warnings", &charge).await.status, 200);
    app.deliver_all().await;
    events.golden("FraudWarningReceived", of(&payment)).await;
}

async fn paid(app: &App, payment: &Value, card: &str) {
    assert_eq!(app.confirm(payment, card).await.status, 200, "{payment}");
    app.deliver_events_of(payment).await;
}

fn of(payment: &Value) -> impl Fn(&Value) -> bool + use<'_> {
    move |detail| detail["payment_id"] == payment["payment_id"]
}
