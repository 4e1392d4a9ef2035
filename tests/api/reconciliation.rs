//! Reconciliation finds what no webhook delivered, and reports what cannot be explained.

use black_box::{App, Breakable, Fault, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

const HOUR_S: i64 = 3_600;
/// The hop of a creation that asks Stripe: after the read and the row.
const STRIPE: usize = 3;

/// Stripe's fee for a payment's charge.
async fn fee_at_stripe(app: &App, payment: &Value) -> Value {
    let intents = app.intents().await;
    let id = text(payment, "payment_id");
    let intent = intents.iter().find(|intent| intent["metadata"]["payment_id"] == id).expect("an intent");
    let path = format!("/v1/charges/{}?expand[]=balance_transaction", text(intent, "latest_charge"));
    app.stripe(Method::GET, &path, &[]).await.body["balance_transaction"]["fee"].clone()
}

/// A payment that succeeds at Stripe while no event is delivered.
async fn paid_silently(app: &App, sender: &str, card: &str) -> Value {
    let payment = app.user(sender).created("k").await;
    assert_eq!(app.confirm(&payment, card).await.status, 200);
    payment
}

#[tokio::test]
async fn without_any_webhook_one_reconciliation_settles_every_payment_and_knows_its_fee() {
    let app = App::start().await;
    app.chaos(json!({"lose": 1_000_000})).await;
    let mut payments = Vec::new();
    for card in ["pm_card_visa", "pm_card_gb", "pm_card_amex"] {
        payments.push((card, paid_silently(&app, card, card).await));
    }
    let open = app.user("sam").created("k").await;
    let mut variances = Vec::new();
    assert_eq!(
        app.user("pm_card_visa").payment(&payments[0].1).await.body["status"],
        "requires_payment_method"
    );

    let run = app.reconciled().await;
    assert_eq!((&run["differences"], &run["differences_found"]), (&json!([]), &json!(0)));
    for (sender, payment) in &payments {
        let shown = app.user(sender).payment(payment).await.body;
        assert_eq!(shown["status"], "succeeded");
        let (estimated, actual) = (&shown["fee"]["estimated"], &shown["fee"]["actual"]);
        assert_eq!((estimated, actual), (&json!(61), &fee_at_stripe(&app, payment).await));
        variances.push(shown["fee"]["variance"].as_i64().expect("a variance"));
        let balances = app.balances(payment).await;
        assert_eq!((balances.get("fee_reserve"), balances["creator:ana"]), (None, 1_000));
        assert_eq!(Some(balances["stripe_fees"]), actual.as_i64());
    }
    assert!(variances[0] == 0 && variances[1] < 0, "a foreign card costs more: {variances:?}");
    assert_eq!(app.user("sam").payment(&open).await.body["status"], "requires_payment_method");

    let drift = app.operator().get("/v1/admin/drift").await;
    assert_eq!((drift.status, &drift.body), (200, &json!({"last": run, "current": null})));
    // A second run changes nothing.
    let before = app.items("PAYMENT#").await;
    let second = app.reconciled().await;
    assert_eq!((&second["counts"]["news"], &second["number"]), (&json!(0), &json!(2)));
    assert_eq!(app.items("PAYMENT#").await, before);
}

#[tokio::test]
async fn an_intent_that_somebody_changed_is_a_difference_and_keeps_no_other_payment_from_being_settled() {
    let app = App::start().await;
    app.chaos(json!({"drift": 1_000_000})).await;
    let changed = app.user("sam").created("k").await;
    let intent = format!("/v1/payment_intents/{}", text(&changed, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &intent, &[("transfer_data[amount]", "900")]).await.status, 200);
    assert_eq!(app.confirm(&changed, "pm_card_visa").await.status, 200);
    let other = paid_silently(&app, "kim", "pm_card_visa").await;
    let run = app.reconciled().await;
    let differences = run["differences"].as_array().expect("a list");
    let of_it = |difference: &Value| difference["payment_id"] == changed["payment_id"];
    // Its money moved the balance, and is not booked.
    let (of_balance, others): (Vec<Value>, Vec<Value>) =
        differences.iter().cloned().partition(|difference| difference["kind"] == "balance_differs");
    assert_eq!((of_balance.len(), of_balance[0]["amount"].as_i64()), (1, Some(1_061 - 61 - 900)));
    assert!(!others.is_empty() && others.iter().all(of_it), "{run}");
    let told = "Stripe's transfer amount differs from the payment's: 900, not 1000";
    let is_told = |difference: &Value| difference["kind"] == "unappliable" && difference["detail"] == told;
    assert!(differences.iter().any(is_told), "{run}");
    assert_eq!(app.user("sam").payment(&changed).await.body["status"], "requires_payment_method");
    let shown = app.user("kim").payment(&other).await.body;
    assert_eq!(
        (&shown["status"], &shown["fee"]["actual"]),
        (&json!("succeeded"), &fee_at_stripe(&app, &other).await)
    );
}

#[tokio::test]
async fn a_list_whose_last_object_is_deleted_at_stripe_is_read_again() {
    let app = App::start().await;
    app.reconciled().await;
    for stage in ["events", "intents", "transactions", "accounts"] {
        let runs = app.items("RECONCILE").await;
        let mut stale = runs.iter().find(|run| run["SK"]["S"] == "CURRENT").expect("a run").clone();
        stale["value"]["M"].as_object_mut().expect("a run").remove("finished_at");
        let gone = json!({"S": "gone_1"});
        let created = json!({"M": {"from_s": {"N": "0"}, "until_s": {"N": "4102444800"}}});
        stale["value"]["M"]["stages"]["M"][stage] = match stage {
            "accounts" => json!({"M": {"is_done": {"BOOL": false}, "cursor": gone}}),
            _ => {
                let open = json!({"L": [{"M": {"created": created, "after": gone}}]});
                json!({"M": {"is_done": {"BOOL": false}, "open": open}})
            }
        };
        app.put(&stale).await;
        let run = app.reconciled().await;
        assert_eq!((&run["stage"], &run["differences_found"]), (&json!("finished"), &json!(0)), "{stage}");
    }
}

#[tokio::test]
async fn a_copy_of_the_rollout_that_somebody_changed_by_hand_is_found() {
    let app = App::start().await;
    let waiting = app.operator().put("/v1/admin/rollout", json!({"percentage": 10, "reason": "test"})).await;
    assert_eq!(waiting.status, 200, "{waiting:?}");
    let whole = app.items("ROLLOUT#11").await.remove(0);
    let mut opened = whole.clone();
    opened["rollout"]["M"]["percentage"] = json!({"N": "100"});
    assert_ne!(opened, whole);
    app.put(&opened).await;
    let run = app.reconciled().await;
    assert_eq!(run["differences_found"], 1, "{run}");
    let difference = &run["differences"][0];
    assert_eq!((text(difference, "kind"), text(difference, "object")), ("rollout_copy", "ROLLOUT#11"));
    app.put(&whole).await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn refunds_and_disputes_without_events_are_found_and_their_shares_reversed() {
    let app = App::start().await;
    let refunded = app.paid("sam", "k", "pm_card_visa").await;
    app.chaos(json!({"drift": 1_000_000})).await;
    let disputed = paid_silently(&app, "kim", "pm_card_createDispute").await;
    let intents = app.intents().await;
    let form = [("payment_intent", text(&intents[1], "id")), ("amount", "530")];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &form).await.status, 200);
    black_box::eventually("disputed", async || app.listed("/v1/disputes").await.pop()).await;
    app.chaos(json!({})).await;
    assert_eq!(app.operator().payment(&refunded).await.body["refunded_amount"], 0);

    let run = app.reconciled().await;
    assert_eq!(run["differences"], json!([]));
    // ⌊530 · 1000 / 1061⌋ = 499.
    let shown = app.operator().payment(&refunded).await.body;
    assert_eq!((&shown["refunded_amount"], &shown["owed"]), (&json!(499), &json!(0)));
    assert_eq!(app.transfers_at_stripe(&refunded).await, [(1_000, 499)]);
    let shown = app.operator().payment(&disputed).await.body;
    assert_eq!((&shown["status"], &shown["disputed_amount"]), (&json!("succeeded"), &json!(1_061)));
    assert_eq!(app.transfers_at_stripe(&disputed).await, [(1_000, 1_000)]);
    assert_eq!(app.user("kim").pay("another", ten_dollars()).await.reasons(), ["sender_held"]);
}

#[tokio::test]
async fn a_reversal_from_the_dashboard_without_an_event_is_found_and_retransferred() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let transfers = app.listed("/v1/transfers").await;
    let path = format!("/v1/transfers/{}/reversals", text(&transfers[0], "id"));
    app.chaos(json!({"drift": 1_000_000})).await;
    assert_eq!(app.stripe(Method::POST, &path, &[("amount", "300")]).await.status, 200);
    app.chaos(json!({})).await;

    assert_eq!(app.reconciled().await["differences"], json!([]));
    let mut transfers = app.transfers_at_stripe(&payment).await;
    transfers.sort_unstable();
    assert_eq!(transfers, [(300, 0), (1_000, 300)]);
    assert_eq!(app.operator().payment(&payment).await.body["owed"], 0);
}

#[tokio::test]
async fn a_row_that_never_heard_back_gets_its_intent_and_one_without_is_closed_after_an_hour() {
    let stack = Breakable::start().await;
    for (sender, fault) in [("sam", Fault::CrashAfter), ("kim", Fault::CrashBefore)] {
        stack.create.arm(STRIPE, fault);
        assert_eq!(stack.app.user(sender).pay("k", ten_dollars()).await.status, 500);
        assert!(stack.create.fired());
    }
    let row = async |sender| stack.app.row_of(sender).await.expect("a row");
    stack.pass_seconds(HOUR_S - 60);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    let intents = stack.app.intents().await;
    assert_eq!(intents.len(), 1);
    assert_eq!(row("sam").await["state"]["M"]["intent"]["S"], intents[0]["id"]);
    assert_eq!(row("kim").await["status"]["S"], "created", "its sender may still retry");
    stack.pass_seconds(60);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    assert_eq!(row("kim").await["status"]["S"], "canceled");
    assert_eq!(stack.app.user("kim").pay("k", ten_dollars()).await.status, 422);
    assert_eq!(stack.app.intents().await.len(), 1, "reconciliation makes no intent");
}

#[tokio::test]
async fn an_intent_that_nobody_paid_for_a_day_is_canceled() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    stack.pass_seconds(23 * HOUR_S);
    stack.app.reconciled().await;
    assert_eq!(stack.app.intents().await[0]["status"], "requires_payment_method");
    stack.pass_seconds(36 * HOUR_S);
    stack.app.reconciled().await;
    assert_eq!(stack.app.intents().await[0]["status"], "canceled");
    assert_eq!(stack.app.user("sam").payment(&payment).await.body["status"], "canceled");
}

#[tokio::test]
async fn an_entry_that_is_missing_or_made_up_is_a_difference() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let other = app.paid("kim", "k", "pm_card_visa").await;
    assert_eq!(app.reconciled().await["differences"], json!([]));
    let entry = async |payment: &Value| {
        let items = app.items(&format!("PAYMENT#{}", text(payment, "payment_id"))).await;
        items.into_iter().find(|item| item["SK"]["S"] == "ENTRY#settled").expect("an entry")
    };
    app.delete(&entry(&payment).await).await;
    let mut altered = entry(&other).await;
    altered["postings"]["L"][0]["M"]["amount"]["N"] = json!("-1060");
    app.put(&altered).await;
    let run = app.reconciled().await;
    let mut kinds: Vec<_> =
        run["differences"].as_array().expect("a list").iter().map(|it| text(it, "kind")).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["amounts_differ", "balance_differs", "ledger", "ledger"], "{run}");
}

#[tokio::test]
async fn money_of_a_payment_that_we_do_not_know_is_a_difference() {
    let app = App::start().await;
    let form = [
        ("amount", "500"),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa"),
        ("allowed_payment_method_types[]", "card"),
        ("confirm", "true"),
        ("metadata[payment_id]", "pay_00000000000000000000000000000000"),
        ("metadata[deployment]", "local"),
    ];
    assert_eq!(app.stripe(Method::POST, "/v1/payment_intents", &form).await.status, 200);
    let run = app.reconciled().await;
    let kinds: Vec<_> = run["differences"].as_array().into_iter().flatten().map(|it| &it["kind"]).collect();
    let is_told =
        |kind: &&Value| ["unappliable", "balance_differs"].contains(&kind.as_str().unwrap_or_default());
    assert!(!kinds.is_empty() && kinds.iter().all(is_told), "{run}");
}

#[tokio::test]
async fn reconciliation_is_for_operators_and_there_is_no_report_before_the_first() {
    let app = App::start().await;
    let (sam, operator) = (app.user("sam"), app.operator());
    assert_eq!(sam.reconcile().await.status, 403);
    assert_eq!(sam.get("/v1/admin/drift").await.status, 403);
    let drift = operator.get("/v1/admin/drift").await;
    assert_eq!((drift.status, &drift.body), (200, &json!({"last": null, "current": null})));
}
