//! Payments with fields that those of the golden flows leave out.

use crate::redirect::{owed_to_a_closed_account, redirect, replace_account};
use black_box::{App, Breakable, text};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

pub(super) async fn rare_payments() -> Vec<Value> {
    let mut items = converted().await;
    items.extend(redirected().await);
    items.extend(charged_on_behalf_of_the_creator().await);
    items.extend(lost().await);
    items.extend(without_a_customer().await);
    items
}

/// Paid in dollars, on a platform whose balance is in euros.
async fn converted() -> Vec<Value> {
    let options = Options { settlement_currencies: vec!["eur".to_owned()], ..Options::default() };
    let app = App::start_with(options).await;
    let refunded = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&refunded, "r", json!({"amount": 400})).await.status, 202);
    let is_back = |payment: &Value| payment["refunded_amount"] != 0 && payment["owed"] == 0;
    app.operator().until("the refund's share is back", &refunded, is_back).await;
    disputed(&app, "tom").await;
    app.reconciled().await;
    answer_dispute(&app, "winning_evidence").await;
    app.reconciled().await;
    app.reconciled().await;
    app.table_with_counts().await
}

async fn redirected() -> Vec<Value> {
    let app = App::start().await;
    let payment = owed_to_a_closed_account(&app).await;
    replace_account(&app).await;
    assert_eq!(redirect(&app, &payment).await.status, 200);
    app.table_with_counts().await
}

async fn charged_on_behalf_of_the_creator() -> Vec<Value> {
    let parameters = vec![("OnBehalfOf".to_owned(), "true".to_owned())];
    let app = App::start_with(Options { parameters, ..Options::default() }).await;
    app.user("sam").created("k").await;
    app.table_with_counts().await
}

/// Made after its sender's Customer was deleted at Stripe, which makes no other one.
async fn without_a_customer() -> Vec<Value> {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let first = sam.pay_with_saved_cards("k1").await.body;
    let path = format!("/v1/customers/{}", text(&first, "customer_id"));
    assert_eq!(stack.app.stripe(Method::DELETE, &path, &[]).await.status, 200);
    let error = json!({"error": {"type": "invalid_request_error", "code": "parameter_unknown"}});
    stack.create.stripe_replies_at("/v1/customers", 403, &error);
    assert_eq!(sam.pay_with_saved_cards("k2").await.status, 201);
    stack.app.table_with_counts().await
}

/// Disputes that were lost; the hold of one is lifted.
async fn lost() -> Vec<Value> {
    let app = App::start().await;
    let payment = disputed(&app, "sam").await;
    answer_dispute(&app, "losing_evidence").await;
    let disputes = app.listed("/v1/disputes").await;
    let is_lost = |payment: &Value| payment["dispute"]["status"] == "lost";
    app.operator().until("the dispute is lost", &payment, is_lost).await;
    let lift = json!({"lift": [text(&disputes[0], "id")], "reason": "The card was stolen"});
    assert_eq!(app.operator().put("/v1/admin/senders/sam", lift).await.status, 200);
    app.table_with_counts().await
}

/// A payment that is disputed, with its share taken back.
async fn disputed(app: &App, sender: &str) -> Value {
    let payment = app.paid(sender, "k", "pm_card_createDispute").await;
    let is_taken = |payment: &Value| payment["disputed_amount"] != 0 && payment["owed"] == 0;
    app.operator().until("the share is back", &payment, is_taken).await;
    payment
}

async fn answer_dispute(app: &App, evidence: &str) {
    let disputes = app.listed("/v1/disputes").await;
    let path = format!("/v1/disputes/{}", text(&disputes[0], "id"));
    let form = [("evidence[uncategorized_text]", evidence)];
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
}
