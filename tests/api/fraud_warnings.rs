//! A card's issuer reports a payment as fraud: the deployment's policy decides what follows, whoever hears of it first.

use black_box::{App, Breakable, eventually, listen_to_logs, logged, text};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

const CARD: &str = "pm_card_createIssuerFraudRecord";

/// A stack with a policy.
fn with_policy(policy: &str) -> Options {
    let parameters = vec![("EarlyFraudWarningPolicy".to_owned(), policy.to_owned())];
    Options { parameters, ..Options::default() }
}

async fn evidence(app: &App, payment: &Value) -> Value {
    let path = format!("/v1/admin/payments/{}/evidence", text(payment, "payment_id"));
    let answer = app.operator().get(&path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// The response to a payment's only warning, once it is known.
async fn response(app: &App, payment: &Value) -> String {
    let warning = eventually("a warning", async || {
        let known = evidence(app, payment).await["fraud_warnings"].clone();
        known.as_array().filter(|known| !known.is_empty()).map(|known| known[0].clone())
    })
    .await;
    assert_eq!(warning["fraud_type"], "made_with_stolen_card");
    text(&warning, "response").to_owned()
}

async fn warn(app: &App, payment: &Value) -> Value {
    let known = evidence(app, payment).await;
    let form = [("charge", text(&known, "stripe_charge_id"))];
    app.stripe(Method::POST, "/stand_in/early_fraud_warnings", &form).await.body
}

/// The charge of a warning is disputed.
async fn dispute(app: &App, warning: &Value) {
    let opened = app.stripe(Method::POST, "/stand_in/disputes", &[("charge", text(warning, "charge"))]).await;
    assert_eq!(opened.status, 200, "{opened:?}");
}

async fn is_refunded(app: &App, payment: &Value) {
    eventually("the share is reversed", async || {
        (app.transfers_at_stripe(payment).await == [(1_000, 1_000)]).then_some(())
    })
    .await;
    let refunds = app.refunds_at_stripe(payment).await;
    let shown: Vec<_> = refunds.iter().map(|refund| (&refund["amount"], &refund["reason"])).collect();
    assert_eq!(shown, [(&json!(1_061), &json!("fraudulent"))], "all of it, and once");
    let shown =
        app.user("sam").until("the refund", payment, |payment| payment["refunded_amount"] == 1_000).await;
    assert_eq!(shown["disputed_amount"], 0);
    let balances = app.balances(payment).await;
    assert_eq!(
        (balances.get("card"), balances.get("creator:ana")),
        (None, None),
        "nothing is left: {balances:?}"
    );
}

#[tokio::test]
async fn a_warned_payment_is_refunded_in_full_and_the_share_comes_back() {
    let app = App::start_with(with_policy("refund")).await;
    let payment = app.paid("sam", "k", CARD).await;
    assert_eq!(response(&app, &payment).await, "refund");
    is_refunded(&app, &payment).await;
    app.deliver_all().await;
    is_refunded(&app, &payment).await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let refunds = app.user("sam").refunds(&payment).await.body;
    assert_eq!(
        (&refunds["items"][0]["status"], refunds["items"][0].get("reason")),
        (&json!("succeeded"), None)
    );
}

#[tokio::test]
async fn the_alarm_alone_is_raised_by_default_and_above_the_policys_amount() {
    for policy in ["alarm", "refund_below:usd=1000,eur=5000"] {
        let app = App::start_with(with_policy(policy)).await;
        let payment = app.paid("sam", "k", CARD).await;
        assert_eq!(response(&app, &payment).await, "alarm", "{policy}");
        assert_eq!(app.refunds_at_stripe(&payment).await, Vec::<Value>::new());
        // An operator may still refund it.
        assert_eq!(app.operator().refund(&payment, "r", json!({})).await.status, 202);
    }
    let app = App::start_with(with_policy("refund_below:usd=1001")).await;
    let payment = app.paid("sam", "k", CARD).await;
    assert_eq!(response(&app, &payment).await, "refund");
    is_refunded(&app, &payment).await;
}

#[tokio::test]
async fn what_is_disputed_or_refunded_already_is_not_refunded() {
    let mut options = with_policy("refund");
    options.parameters.push(("RefundFeeBearer".to_owned(), "platform".to_owned()));
    let app = App::start_with(options).await;
    let disputed = app.paid("sam", "k", "pm_card_createDispute").await;
    let is_disputed = |payment: &Value| payment["disputed_amount"] == 1_061;
    app.user("sam").until("the dispute", &disputed, is_disputed).await;
    let refunded = app.paid("kim", "k", "pm_card_visa").await;
    assert_eq!(app.user("kim").refund(&refunded, "r", json!({})).await.status, 202);
    for payment in [&disputed, &refunded] {
        let refunds = app.refunds_at_stripe(payment).await.len();
        warn(&app, payment).await;
        assert_eq!(response(&app, payment).await, "not_refundable");
        assert_eq!(app.refunds_at_stripe(payment).await.len(), refunds);
    }
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn the_fee_that_the_senders_refund_left_is_refunded_too() {
    let app = App::start_with(with_policy("refund")).await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({})).await.status, 202);
    app.operator().until("the share is back", &payment, |payment| payment["owed"] == 0).await;
    assert_eq!(warn(&app, &payment).await["actionable"], true, "the fee can still be disputed");
    assert_eq!(response(&app, &payment).await, "refund");
    let refunds = eventually("the fee is refunded", async || {
        let refunds = app.refunds_at_stripe(&payment).await;
        (refunds.len() == 2).then_some(refunds)
    })
    .await;
    let shown: Vec<_> = refunds.iter().map(|refund| (&refund["amount"], &refund["reason"])).collect();
    assert_eq!(shown[0], (&json!(61), &json!("fraudulent")));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000)]);
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let shown = app.user("sam").payment(&payment).await.body;
    assert_eq!(
        (&shown["refunded_amount"], &app.balances(&payment).await.get("card")),
        (&json!(1_000), &None)
    );
    let listed = app.user("sam").refunds(&payment).await.body["items"].clone();
    let parts = |refund: &Value| (refund["amount"].clone(), refund["processing_fee"].clone());
    let parts: Vec<_> = listed.as_array().expect("a list").iter().map(parts).collect();
    assert!(parts.contains(&(json!(0), json!(61))), "{listed}");
}

#[tokio::test]
async fn a_warning_without_an_event_is_found_by_reconciliation_and_answered_there() {
    let app = App::start_with(with_policy("refund")).await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    app.chaos(json!({"drift": 1_000_000})).await;
    warn(&app, &payment).await;
    app.chaos(json!({})).await;
    assert_eq!(evidence(&app, &payment).await["fraud_warnings"], json!([]));
    let report = app.reconciled().await;
    assert_eq!((&report["counts"]["fraud_warnings"], &report["differences_found"]), (&json!(1), &json!(0)));
    assert_eq!(response(&app, &payment).await, "refund");
    is_refunded(&app, &payment).await;
}

#[tokio::test]
async fn a_warning_that_the_key_may_not_read_for_days_is_found_once_it_may() {
    let stack = Breakable::start_as(with_policy("refund")).await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    app.chaos(json!({"drift": 1_000_000})).await;
    warn(app, &payment).await;
    app.chaos(json!({})).await;
    let missing = json!({"error": {"type": "invalid_request_error", "code": "more_permissions_required"}});
    stack.reconcile.stripe_replies_at("/radar/early_fraud_warnings", 403, &missing);
    for _ in 0..3 {
        assert_eq!(app.reconciled().await["counts"]["fraud_warnings"], 0, "and the run finishes");
        stack.pass_seconds(86_400);
    }
    stack.reconcile.stripe_is_back();
    stack.reconciled_on_schedule().await;
    let report = app.operator().get("/v1/admin/drift").await.body;
    assert_eq!(report["last"]["counts"]["fraud_warnings"], 1, "{report}");
    is_refunded(app, &payment).await;
    // It is read once.
    stack.pass_seconds(3_600);
    stack.reconciled_on_schedule().await;
    assert_eq!(app.operator().get("/v1/admin/drift").await.body["last"]["counts"]["fraud_warnings"], 0);
}

#[tokio::test]
async fn a_refund_that_could_not_be_sent_is_made_by_reconciliation_and_once() {
    let stack = Breakable::start_as(with_policy("refund")).await;
    let app = &stack.app;
    let payment = app.user("sam").created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_all().await;
    warn(app, &payment).await;
    let warning = app.events().await.pop().expect("an event");
    app.chaos(json!({"respond_500": 1_000_000})).await;
    assert_eq!(app.deliver(warning.to_string()).await.status, 200, "the warning is stored");
    app.chaos(json!({})).await;
    assert_eq!(app.refunds_at_stripe(&payment).await, Vec::<Value>::new());
    assert_eq!(app.reconciled().await["differences_found"], 0);
    is_refunded(app, &payment).await;
    app.deliver_all().await;
    is_refunded(app, &payment).await;
}

#[tokio::test]
async fn a_refund_that_is_pending_when_the_dispute_comes_fails_and_the_dispute_takes_the_share() {
    let app = App::start_with(with_policy("refund")).await;
    let payment = app.paid("sam", "k", "pm_card_pendingRefund").await;
    let warning = warn(&app, &payment).await;
    assert_eq!(response(&app, &payment).await, "refund");
    eventually("the refund is pending", async || {
        app.refunds_at_stripe(&payment)
            .await
            .first()
            .is_some_and(|it| it["status"] == "pending")
            .then_some(())
    })
    .await;
    dispute(&app, &warning).await;
    app.user("sam").until("the dispute", &payment, |payment| payment["disputed_amount"] == 1_061).await;
    app.user("sam").until("no refund", &payment, |payment| payment["refunded_amount"] == 0).await;
    app.operator().until("nothing is owed", &payment, |payment| payment["owed"] == 0).await;
    assert_eq!(app.refunds_at_stripe(&payment).await[0]["status"], "failed");
    assert_eq!(app.balances(&payment).await.get("creator:ana"), None, "nothing is left");
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn a_wave_counts_the_payments_that_were_warned_of() {
    let app = App::start_with(with_policy("alarm")).await;
    let opened = app.operator().put_wave("test-group", json!({"add": ["bo"], "reason": "invited"})).await;
    assert_eq!(opened.status, 200, "{opened:?}");
    let payment = app.user("sam").pay("k", black_box::order("bo", 1_000)).await.body;
    assert_eq!(app.confirm(&payment, CARD).await.status, 200);
    let report = eventually("the warning is counted", async || {
        let report = app.operator().get("/v1/admin/waves/test-group/report").await.body;
        (report["warned_payments"] == 1).then_some(report)
    })
    .await;
    assert_eq!((&report["payments"], &report["disputed_payments"]), (&json!(1), &json!(0)));
    assert_eq!(report["since_resumed"]["warned_payments"], 1);
}

#[tokio::test]
async fn a_warning_and_a_deadline_that_is_near_are_logged_and_counted() {
    listen_to_logs();
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = app.user("sam").created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    app.deliver_all().await;
    let warning = warn(app, &payment).await;
    dispute(app, &warning).await;
    app.deliver_all().await;
    let metrics = |name: &str| logged().iter().filter(|logged| logged.line["metric"] == name).count();
    assert_eq!((metrics("EarlyFraudWarning"), metrics("DisputeDeadline")), (1, 0));
    let shown = app.user("ana").payment(&payment).await.body["dispute"].clone();
    assert_eq!(shown["status"], "needs_response");
    for (days, alarms) in [(6, 0), (1, 1), (1, 2)] {
        stack.pass_seconds(days * 86_400);
        assert_eq!(app.reconciled().await["finished"], true);
        assert_eq!(metrics("DisputeDeadline"), alarms, "{days} more days");
    }
    assert_eq!(metrics("EarlyFraudWarning"), 1);
}
