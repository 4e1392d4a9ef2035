//! What is stored while something waits, or went wrong.

use black_box::{App, Breakable, order, text};
use local::stack::{Options, Platform};
use reqwest::Method;
use serde_json::{Value, json};

pub(super) async fn rare_states() -> Vec<Value> {
    let mut items = without_balance().await;
    items.extend(left_out().await);
    for (platform, status) in [(Platform::AccountsV2, 500), (Platform::AccountsV1, 400)] {
        items.extend(without_account(platform, status).await);
    }
    items
}

/// The platform's balance does not cover what a won dispute gives back; then it does.
async fn without_balance() -> Vec<Value> {
    let app = App::start_with(Options { top_up: 0, ..Options::default() }).await;
    let payment = app.paid("sam", "k", "pm_card_createDispute").await;
    let is_taken = |payment: &Value| payment["disputed_amount"] != 0 && payment["owed"] == 0;
    app.operator().until("the share is back", &payment, is_taken).await;
    let dispute = app.listed("/v1/disputes").await.remove(0);
    let form = [("evidence[uncategorized_text]", "winning_evidence")];
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
    let is_refused = |payment: &Value| payment["owed_reason"] == "balance_insufficient";
    app.operator().until("it is refused", &payment, is_refused).await;
    app.reconciled().await;
    let mut items = app.table_with_counts().await;
    let top_up = [("type", "topup"), ("amount", "10000")];
    assert_eq!(app.stripe(Method::POST, "/stand_in/balance_transactions", &top_up).await.status, 200);
    app.reconciled().await;
    items.extend(app.table_with_counts().await);
    items
}

/// Reconciliation leaves an item out that it cannot read, and the next run on schedule carries what it found.
async fn left_out() -> Vec<Value> {
    let stack = Breakable::start().await;
    let payment = stack.paid("sam").await;
    let rows = stack.app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    let state = rows.into_iter().find(|row| row["SK"]["S"] == "STATE").expect("a state");
    let mut unreadable = state.clone();
    unreadable["state"] = json!({"M": {"succeeded": {"S": "x"}}});
    stack.app.put(&unreadable).await;
    stack.app.reconciled().await;
    stack.pass_seconds(600);
    stack.reconciled_on_schedule().await;
    stack.app.put(&state).await;
    stack.app.table_with_counts().await
}

/// Stripe opened no account yet, or refused one.
async fn without_account(platform: Platform, status: u16) -> Vec<Value> {
    let stack = Breakable::start_as(Options { platform, ..Options::default() }).await;
    let refusal = json!({"error": {"type": "invalid_request_error", "code": "more_permissions_required"}});
    stack.onboarding.stripe_replies(status, &refusal);
    assert_eq!(stack.app.user("fay").start_onboarding("fay").await.status, 503);
    stack.app.table_with_counts().await
}

/// Payments in a wave that were declined, disputed and warned of.
pub(super) async fn risky(app: &App) {
    for (sender, card) in [("lea", "pm_card_chargeDeclined"), ("tom", "pm_card_createDispute")] {
        let payment = app.user(sender).pay("k", order("bo", 1_000)).await;
        assert_eq!(payment.status, 201, "{payment:?}");
        app.confirm(&payment.body, card).await;
    }
    app.deliver_all().await;
    let dispute = black_box::eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    let charge = [("charge", text(&dispute, "charge"))];
    assert_eq!(app.stripe(Method::POST, "/stand_in/early_fraud_warnings", &charge).await.status, 200);
    app.deliver_all().await;
}
