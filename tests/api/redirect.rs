//! A creator's account is replaced while they are to be paid again: an operator redirects the payment.

use black_box::{Answer, App, eventually, text};
use reqwest::Method;
use serde_json::{Value, json};

const CARD: &str = "pm_card_createDispute";

async fn account_of(app: &App, creator: &str) -> String {
    text(&app.operator().explained(creator).await, "stripe_account_id").to_owned()
}

pub(crate) async fn redirect(app: &App, payment: &Value) -> Answer {
    let path = format!("/v1/admin/payments/{}/redirect", text(payment, "payment_id"));
    app.operator().post(&path, json!({"reason": "The old account was closed"})).await
}

async fn answer_dispute(app: &App, evidence: &str) {
    let disputes = app.listed("/v1/disputes").await;
    let path = format!("/v1/disputes/{}", text(&disputes[0], "id"));
    let form = [("evidence[uncategorized_text]", evidence)];
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
}

async fn until_owed(app: &App, payment: &Value, owed: i64) {
    app.operator().until("what is owed", payment, |payment| payment["owed"] == owed).await;
}

/// A dispute was won after the creator's account was closed: the share is owed to the creator, and refused.
pub(crate) async fn owed_to_a_closed_account(app: &App) -> Value {
    let payment = app.paid("sam", "k", CARD).await;
    eventually("the share is reversed", async || {
        (app.transfers_at_stripe(&payment).await == [(1_000, 1_000)]).then_some(())
    })
    .await;
    until_owed(app, &payment, 0).await;
    app.change_account(&account_of(app, "ana").await, "reject").await;
    answer_dispute(app, "winning_evidence").await;
    until_owed(app, &payment, -1_000).await;
    payment
}

pub(crate) async fn replace_account(app: &App) -> String {
    let account = app.ready_account("US").await;
    assert_eq!(app.operator().set_account("ana", "enabled", &account).await.status, 200);
    account
}

#[tokio::test]
async fn what_a_won_dispute_gives_back_goes_to_the_creators_account_of_today() {
    let app = App::start().await;
    let payment = owed_to_a_closed_account(&app).await;
    assert_eq!(redirect(&app, &payment).await.problem(), (409, "account_restricted"));
    let account = replace_account(&app).await;
    let drift = app.reconciled().await;
    assert_eq!(drift["differences"][0]["kind"], "owed", "{drift}");
    for _ in 0..2 {
        let answer = redirect(&app, &payment).await;
        assert_eq!((answer.status, &answer.body["amount"]), (200, &json!(0)), "{answer:?}");
        assert_eq!(answer.body["stripe_account_id"], account);
    }
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (1_000, 0)]);
    let transfers = app.listed("/v1/transfers?limit=1").await;
    assert_eq!(transfers[0]["destination"], account);
    assert_eq!(app.balances(&payment).await["creator:ana"], 1_000);
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let audit = app.operator().get("/v1/admin/creators/ana/audit").await.body;
    let entries = audit["items"].as_array().expect("a list").iter();
    let field = format!("redirect:{}", text(&payment, "payment_id"));
    let redirects: Vec<_> = entries.filter(|entry| entry["changes"][0]["field"] == field).collect();
    assert_eq!(redirects.len(), 1, "{audit}");
    assert_eq!(redirects[0]["changes"][0]["to"], account);
}

#[tokio::test]
async fn the_account_of_today_is_looked_at_when_stripe_refuses_what_is_redirected_to_it() {
    let app = App::start().await;
    let payment = owed_to_a_closed_account(&app).await;
    let account = replace_account(&app).await;
    assert_eq!(app.user("sam").get("/v1/creators/ana").await.body["can_receive"], true);
    app.chaos(json!({"drift": 1_000_000})).await;
    app.change_account(&account, "restrict").await;
    assert_eq!(app.user("sam").get("/v1/creators/ana").await.body["can_receive"], true, "nobody has told");
    let answer = redirect(&app, &payment).await;
    assert_eq!((answer.status, &answer.body["amount"]), (200, &json!(1_000)), "{answer:?}");
    assert_eq!(app.user("sam").get("/v1/creators/ana").await.body["can_receive"], false);
}

#[tokio::test]
async fn a_later_refund_takes_from_the_account_that_the_redirect_paid() {
    let app = App::start().await;
    let payment = owed_to_a_closed_account(&app).await;
    replace_account(&app).await;
    assert_eq!(redirect(&app, &payment).await.status, 200);
    assert_eq!(app.operator().refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (1_000, 400)]);
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn only_operators_redirect_and_only_what_is_owed() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(redirect(&app, &payment).await.status, 200, "it goes there already");
    replace_account(&app).await;
    assert_eq!(redirect(&app, &payment).await.problem(), (409, "nothing_owed"));
    let path = format!("/v1/admin/payments/{}/redirect", text(&payment, "payment_id"));
    assert_eq!(app.user("ana").post(&path, json!({"reason": "mine"})).await.status, 403);
    for bad in [json!({}), json!({"reason": " "}), json!({"reason": "x", "to": "acct_1"})] {
        assert_eq!(app.operator().post(&path, bad).await.status, 400);
    }
    let unknown = "/v1/admin/payments/pay_00000000000000000000000000000000/redirect";
    assert_eq!(app.operator().post(unknown, json!({"reason": "x"})).await.status, 404);
}
