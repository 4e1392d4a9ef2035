//! The platform's balance runs out: refunds wait, what creators are owed again stays owed with its reason, and both follow
//! when the balance comes.

use black_box::{App, eventually, text};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

async fn without_balance() -> App {
    App::start_with(Options { top_up: 0, ..Options::default() }).await
}

async fn top_up(app: &App, amount: &str) {
    let form = [("type", "topup"), ("amount", amount)];
    assert_eq!(app.stripe(Method::POST, "/stand_in/balance_transactions", &form).await.status, 200);
}

/// A payment whose dispute was won after the share had been taken back.
async fn won(app: &App) -> Value {
    let payment = app.paid("sam", "k", "pm_card_createDispute").await;
    let taken_back = |payment: &Value| payment["disputed_amount"] == 1_061 && payment["owed"] == 0;
    app.operator().until("the share is back", &payment, taken_back).await;
    let dispute = app.listed("/v1/disputes").await[0].clone();
    let form = [("evidence[uncategorized_text]", "winning_evidence")];
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
    payment
}

fn in_dollars(run: &Value) -> Value {
    run["platform_balances"].as_array().expect("a list").first().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_share_that_the_balance_does_not_cover_stays_owed_with_its_reason_until_it_does() {
    let app = without_balance().await;
    let payment = won(&app).await;
    let refused =
        |payment: &Value| payment["owed"] == -1_000 && payment["owed_reason"] == "balance_insufficient";
    app.operator().until("it is refused", &payment, refused).await;
    assert_eq!(
        app.user("sam").payment(&payment).await.body.get("owed_reason"),
        None,
        "not the sender's business"
    );

    let short = in_dollars(&app.reconciled().await);
    assert_eq!(short["awaited"], 1_000);
    assert!(short["available"].as_i64().expect("an amount") < 1_000, "{short}");
    for _ in 0..3 {
        let still = in_dollars(&app.reconciled().await);
        assert_eq!(still["awaited"], 1_000, "whether or not the run refreshes the payment");
    }
    let number =
        |row: &Value| row["state"]["M"]["transfers"]["M"]["last_instruction"]["M"]["number"]["N"].clone();
    let row = app.row_of("sam").await.expect("a row");
    assert_eq!(
        number(&row),
        "2",
        "nothing is asked of Stripe while the balance is known to be too low: {row}"
    );

    top_up(&app, "10000").await;
    let run = app.reconciled().await;
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (1_000, 0)], "{run}");
    let paid = app.operator().payment(&payment).await.body;
    assert_eq!((&paid["owed"], paid.get("owed_reason")), (&json!(0), None));
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn a_refund_beyond_the_balance_waits_as_pending_and_is_made_when_it_comes() {
    let app = without_balance().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    let status = async || app.user("sam").refunds(&payment).await.body["items"][0]["status"].clone();
    eventually("it waits at Stripe", async || (status().await == "pending").then_some(())).await;
    app.operator().until("the share is back", &payment, |payment| payment["owed"] == 0).await;
    assert_eq!(app.refunds_at_stripe(&payment).await[0]["pending_reason"], "insufficient_funds");
    top_up(&app, "10000").await;
    eventually("it is made", async || (status().await == "succeeded").then_some(())).await;
    app.reconciled().await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
}
