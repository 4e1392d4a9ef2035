//! The answer of every route when all is well.

use super::{Answers, subject};
use crate::contract::{openapi, operations};
use crate::sender_holds::dispute_event;
use black_box::{Answer, App, Breakable, Caller, eventually, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const WAVE: &str = "/v1/admin/waves/test-group";
const QUARANTINE: &str = "/v1/admin/quarantine";

#[tokio::test]
async fn every_route_answers_as_before() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let mut answers = Answers::of("answers");
    let payment = sending(app, &mut answers).await;
    refunding(&stack, &mut answers, &payment).await;
    earning(app, &mut answers, &payment).await;
    receiving(app, &mut answers).await;
    deciding(app, &mut answers).await;
    holding(app, &mut answers).await;
    rolling_out(app, &mut answers).await;
    quarantine(app, &mut answers, &payment).await;
    reconciling(app, &mut answers).await;
    disputing(app, &mut answers).await;
    saving_cards(&App::start().await, &mut answers).await;
    answers.goldens.hold();
    are_of_every_route(&answers.given);
}

fn are_of_every_route(given: &BTreeMap<String, Answer>) {
    let routes: BTreeMap<String, String> = operations(&openapi())
        .into_iter()
        .map(|(route, operation)| (operation["operationId"].as_str().expect("an id").to_owned(), route))
        .collect();
    for (name, answer) in given {
        let route = routes.get(subject(name)).unwrap_or_else(|| panic!("{name} is no operation"));
        assert!(is_of(route, &answer.request), "{name} is {route}, not {}", answer.request);
        assert!(answer.status < 300, "{name}: {answer:?}");
    }
    let answered: BTreeSet<&str> = given.keys().map(|name| subject(name)).collect();
    let described: BTreeSet<&str> = routes.keys().map(String::as_str).collect();
    assert_eq!(answered, described, "a golden answer of every operation");
}

/// Whether `GET /v1/creators/ana` is of `GET /v1/creators/{creator_id}`.
fn is_of(route: &str, request: &str) -> bool {
    let (route, request): (Vec<_>, Vec<_>) = (route.split('/').collect(), request.split('/').collect());
    let fits = |(part, asked): (&&str, &&str)| part == asked || part.starts_with('{');
    route.len() == request.len() && route.iter().zip(&request).all(fits)
}

async fn sending(app: &App, answers: &mut Answers) -> Value {
    let sam = app.user("sam");
    let mut order = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd"});
    answers.golden(app, "getCreator", sam.get("/v1/creators/ana").await);
    answers.golden(app, "getCreator.not_receiving", sam.get("/v1/creators/nobody").await);
    let quote = sam.post("/v1/quotes", order.clone()).await;
    order["quote"] = quote.body["quote"].clone();
    answers.golden(app, "createQuote", quote);
    order["message"] = json!("Thank you");
    order["context"] = json!("room:42");
    order["anonymous"] = json!(true);
    let created = sam.pay("k", order.clone()).await;
    let payment = created.body.clone();
    answers.golden(app, "createPayment", created);
    answers.golden(app, "createPayment.replayed", sam.pay("k", order.clone()).await);
    answers.golden(app, "getPayment.open", sam.payment(&payment).await);
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    for event in app.events().await {
        let delivered = app.deliver(event.to_string()).await;
        if event["type"] == "payment_intent.succeeded" {
            answers.golden(app, "receiveStripeEvent", delivered);
        }
    }
    answers.golden(app, "createPayment.paid", sam.pay("k", order).await);
    answers.golden(app, "getPayment", sam.payment(&payment).await);
    answers.golden(app, "listPayments", sam.get("/v1/payments?role=sender").await);
    answers.golden(app, "listPayments.creator", app.user("ana").get("/v1/payments?role=receiver").await);
    answers.golden(app, "findPayments", app.operator().get("/v1/admin/payments?sender_id=sam").await);
    answers.golden(app, "getPayment.creator", app.user("ana").payment(&payment).await);
    answers.golden(app, "getPayment.operator", app.operator().payment(&payment).await);
    payment
}

async fn saving_cards(app: &App, answers: &mut Answers) {
    let lea = app.user("lea");
    let created = lea.pay_with_saved_cards("k").await;
    let card = app.pay_and_save(&created.body).await;
    answers.golden(app, "createPayment.saved_cards", created);
    answers.golden(app, "listPaymentMethods", lea.get("/v1/payment-methods").await);
    let path = format!("/v1/payment-methods/{card}");
    answers.golden(app, "deletePaymentMethod", lea.delete(&path).await);
}

async fn refunding(stack: &Breakable, answers: &mut Answers, payment: &Value) {
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let part = json!({"amount": 400, "reason": "Sent twice"});
    answers.golden(app, "createRefund", sam.refund(payment, "r1", part).await);
    stack.refund.stripe_replies(500, &json!({}));
    let left = sam.refund(payment, "r2", json!({"amount": 100})).await;
    answers.golden(app, "createRefund.left_to_reconciliation", left);
    let refusal = json!({"error": {"type": "invalid_request_error", "code": "charge_disputed"}});
    stack.refund.stripe_replies(400, &refusal);
    answers.golden(app, "createRefund.refused", sam.refund(payment, "r3", json!({"amount": 50})).await);
    stack.refund.stripe_is_back();
    answers.golden(app, "listRefunds", sam.refunds(payment).await);
    let redirect = format!("/v1/admin/payments/{}/redirect", text(payment, "payment_id"));
    let redirected = app.operator().post(&redirect, json!({"reason": "The old account was closed"})).await;
    answers.golden(app, "redirectPayment", redirected);
    answers.golden(app, "getPayment.refunded", sam.payment(payment).await);
}

async fn earning(app: &App, answers: &mut Answers, payment: &Value) {
    let (sam, ana) = (app.user("sam"), app.user("ana"));
    let opinion = json!({"rating": 4, "text": "Quick", "payment_id": payment["payment_id"]});
    answers.golden(app, "giveFeedback", sam.post("/v1/feedback", opinion).await);
    answers.golden(app, "listFeedback", app.operator().get("/v1/admin/feedback").await);
    let earnings = eventually("earnings", async || {
        let earnings = ana.get("/v1/creators/ana/earnings").await;
        (earnings.body["totals"][0]["refunded"] == 400).then_some(earnings)
    });
    answers.golden(app, "getEarnings", earnings.await);
}

async fn receiving(app: &App, answers: &mut Answers) {
    let (ana, dee) = (app.user("ana"), app.user("dee"));
    answers.golden(app, "startOnboarding", dee.start_onboarding("dee").await);
    answers.golden(app, "getSettings.unfinished", dee.get("/v1/creators/dee/settings").await);
    app.pay_out("ana", 400).await;
    answers.golden(app, "listPayouts", ana.get("/v1/creators/ana/payouts").await);
    answers.golden(app, "createDashboardLink", ana.open_dashboard("ana").await);
    let settings = "/v1/creators/ana/settings";
    answers.golden(app, "getSettings", ana.get(settings).await);
    let terms = json!({"min_amount": 300, "presets": [1_000, 300, 500]});
    answers.golden(app, "putSettings", ana.put(settings, terms).await);
    let block = "/v1/creators/ana/blocks/eve";
    answers.golden(app, "blockSender", ana.put(block, json!({})).await);
    answers.golden(app, "listBlocks", ana.get("/v1/creators/ana/blocks").await);
    answers.golden(app, "unblockSender", ana.delete(block).await);
}

async fn deciding(app: &App, answers: &mut Answers) {
    let op = app.operator();
    let eligibility = "/v1/admin/creators/ana/eligibility";
    answers.golden(app, "getEligibility", op.get(eligibility).await);
    let of_nobody = op.get("/v1/admin/creators/nobody/eligibility").await;
    answers.golden(app, "getEligibility.unknown", of_nobody);
    let disabled = json!({"receiving": "disabled", "reason": "asked to"});
    answers.golden(app, "putEligibility", op.put(eligibility, disabled).await);
    answers.golden(app, "listAudit", op.get("/v1/admin/creators/ana/audit").await);
    answers.golden(app, "listAudit.page", op.get("/v1/admin/creators/ana/audit?limit=1").await);
    let rollout = "/v1/admin/rollout";
    answers.golden(app, "getRollout", op.get(rollout).await);
    let stopped = json!({"paused": true, "cancel_open": true, "reason": "incident"});
    answers.golden(app, "putRollout.stopped", op.put(rollout, stopped).await);
    let opened = json!({"paused": false, "percentage": 10, "reason": "over"});
    answers.golden(app, "putRollout", op.put(rollout, opened).await);
    answers.golden(app, "listRolloutAudit", op.get("/v1/admin/rollout/audit").await);
}

async fn holding(app: &App, answers: &mut Answers) {
    let (op, lou) = (app.operator(), "/v1/admin/senders/lou");
    let enabled = json!({"receiving": "enabled", "reason": "over"});
    assert_eq!(op.put("/v1/admin/creators/ana/eligibility", enabled).await.status, 200);
    let payment = app.user("lou").created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_events_of(&payment).await;
    for status in ["needs_response", "lost"] {
        let event = dispute_event(&payment, "dp_1", status, &[500]);
        assert_eq!(app.deliver(event).await.status, 200);
        answers.golden(app, &format!("getSender.{status}"), op.get(lou).await);
    }
    let lifted = json!({"lift": ["dp_1"], "hold": true, "reason": "Stolen card"});
    answers.golden(app, "putSender", op.put(lou, lifted).await);
    answers.golden(app, "listSenderAudit", op.get(&format!("{lou}/audit")).await);
}

async fn rolling_out(app: &App, answers: &mut Answers) {
    let op = app.operator();
    let halt = json!({"dispute_rate_ppm": 10_000, "failure_rate_ppm": 300_000, "min_payments": 50});
    let wave = json!({"add": ["bo"], "deny": ["eve"], "halt": halt, "reason": "First test group"});
    answers.golden(app, "putWave.dry_run", op.dry_run("test-group", wave.clone()).await);
    answers.golden(app, "putWave", op.put_wave("test-group", wave).await);
    answers.golden(app, "getWave", op.get(WAVE).await);
    answers.golden(app, "listWaves", op.get("/v1/admin/waves").await);
    answers.golden(app, "getEligibility.in_a_wave", op.get("/v1/admin/creators/bo/eligibility").await);
    answers.golden(app, "getWaveReport", reported(app, &op).await);
    app.halt("test-group").await;
    answers.golden(app, "resumeWave", op.resume("test-group").await);
    answers.golden(app, "rollBackWave", op.roll_back("test-group").await);
    answers.golden(app, "listWaveAudit", op.get(&format!("{WAVE}/audit")).await);
}

/// The report of a wave with one payment of it and one opinion.
async fn reported(app: &App, op: &Caller<'_>) -> Answer {
    let kim = app.user("kim");
    let order = json!({"creator_id": "bo", "amount": 500, "currency": "usd"});
    let payment = kim.pay("k", order).await.body;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_events_of(&payment).await;
    let opinion = json!({"rating": 5, "payment_id": payment["payment_id"]});
    assert_eq!(kim.post("/v1/feedback", opinion).await.status, 201);
    eventually("a report of all of it", async || {
        let report = op.get(&format!("{WAVE}/report")).await;
        let counts = ["onboarded", "first_payment", "payments", "charges"].map(|count| &report.body[count]);
        let counted = counts == [1; 4] && report.body["feedback"]["count"] == 1;
        counted.then_some(report)
    })
    .await
}

async fn quarantine(app: &App, answers: &mut Answers, payment: &Value) {
    let op = app.operator();
    let mut event = app.events_of(payment).await.remove(0);
    event["id"] = json!("evt_mismatch");
    event["data"]["object"]["amount"] = json!(1);
    for body in [event.to_string(), r#"{"id": "evt_odd", "type": "payment_intent.succeeded"}"#.to_owned()] {
        assert_eq!(app.deliver(body).await.status, 200);
    }
    let mut listed = op.get(QUARANTINE).await;
    // As long as Stripe writes it.
    listed.body["items"][0]["body_bytes"] = json!("<bytes>");
    answers.golden(app, "listQuarantine", listed);
    answers.golden(app, "getParkedEvent", op.get(&format!("{QUARANTINE}/evt_odd")).await);
    let redriven = op.request(Method::POST, &format!("{QUARANTINE}/evt_mismatch/redrive"));
    answers.golden(app, "redriveEvent", Answer::to(redriven).await);
}

async fn reconciling(app: &App, answers: &mut Answers) {
    let op = app.operator();
    answers.golden(app, "getDrift.never", op.get("/v1/admin/drift").await);
    let january = "/v1/admin/statement?from=2026-01-01&to=2026-01-31";
    answers.golden(app, "getStatement.never", op.get(january).await);
    finished(app, answers, "reconcile", "/v1/admin/reconciliations").await;
    finished(app, answers, "rebuildTotals", "/v1/admin/totals/rebuild").await;
    let enabled = json!({"receiving": "enabled", "reason": "over"});
    assert_eq!(op.put("/v1/admin/creators/ana/eligibility", enabled).await.status, 200);
    let changed = app.user("lea").created("k").await;
    let intent = format!("/v1/payment_intents/{}", text(&changed, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &intent, &[("transfer_data[amount]", "900")]).await.status, 200);
    assert_eq!(app.confirm(&changed, "pm_card_visa").await.status, 200);
    app.reconciled().await;
    answers.golden(app, "getDrift", op.get("/v1/admin/drift").await);
    let sums = |net: &str| json!({"M": {"count": {"N": "1"}, "amount": {"N": net}, "fee": {"N": "0"}, "net": {"N": net}, "booked": {"N": net}}});
    let classes = json!({"M": {"charge": sums("1000"), "transfer": sums("-900"), "unknown": sums("7")}});
    let hours = json!({"M": {"9": {"M": {"usd": classes}}}});
    let key = |sk: &str, kind: &str| json!({"PK": {"S": "PLATFORM#STATEMENT"}, "SK": {"S": sk}, "type": {"S": kind}});
    let with = |mut item: Value, name: &str, value: Value| {
        item[name] = value;
        item
    };
    let opening = json!({"M": {"since": {"S": "2026-01-01"}, "balances": {"M": {"usd": {"N": "320"}}}}});
    app.put(&with(key("OPENING", "statement_opening"), "opening", opening)).await;
    let day = with(key("DAY#2026-01-15", "statement_day"), "sums", json!({"M": {"hours": hours}}));
    app.put(&with(day, "version", json!({"N": "1"}))).await;
    let january = "/v1/admin/statement?from=2026-01-01&to=2026-01-31";
    answers.golden(app, "getStatement", op.get(january).await);
}

/// A payment is warned of and disputed, after another one of the same sender.
async fn disputing(app: &App, answers: &mut Answers) {
    let mia = app.user_with_email("mia", "mia@example.com");
    let order = json!({
        "creator_id": "ana", "amount": 1_000, "currency": "usd", "message": "Thank you", "context": "room:42",
    });
    for key in ["k1", "k2"] {
        let payment = mia.pay(key, order.clone()).await.body;
        assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
        app.deliver_all().await;
    }
    let payment = mia.pay("k2", order).await.body;
    let evidence = format!("/v1/admin/payments/{}/evidence", text(&payment, "payment_id"));
    let known = app.operator().get(&evidence).await.body;
    let charge = [("charge", text(&known, "stripe_charge_id"))];
    for what in ["/stand_in/early_fraud_warnings", "/stand_in/disputes"] {
        assert_eq!(app.stripe(Method::POST, what, &charge).await.status, 200);
    }
    app.deliver_all().await;
    answers.golden(app, "getPayment.disputed", mia.payment(&payment).await);
    answers.golden(app, "getPaymentEvidence", app.operator().get(&evidence).await);
    let of_charge = format!("/v1/admin/stripe-objects/{}/payment", charge[0].1);
    answers.golden(app, "getPaymentOfStripeObject", app.operator().get(&of_charge).await);
}

/// Posts until the work is finished.
async fn finished(app: &App, answers: &mut Answers, name: &str, path: &str) {
    let op = app.operator();
    let answer = eventually(name, async || {
        let answer = Answer::to(op.request(Method::POST, path)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        (answer.body["finished"] == true).then_some(answer)
    });
    answers.golden(app, name, answer.await);
}
