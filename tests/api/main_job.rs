//! A sender pays a creator.

use black_box::{App, Posting, order, ten_dollars, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_sender_pays_a_creator_who_gets_exactly_the_chosen_amount() {
    let app = App::start().await;
    let sam = app.user("sam");
    let quote = sam.post("/v1/quotes", ten_dollars()).await.body;
    assert_eq!((quote["total"].as_i64(), quote["processing_fee"].as_i64()), (Some(1_061), Some(61)));
    let mut body = ten_dollars();
    body["quote"] = quote["quote"].clone();
    let payment = sam.pay("k", body.clone()).await.body;
    assert_eq!(payment["status"], "requires_payment_method");
    assert!(payment["client_secret"].is_string());

    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    let paid = sam.until_status(&payment, "succeeded").await;
    assert_eq!((paid["amount"].as_i64(), paid["total"].as_i64()), (Some(1_000), Some(1_061)));

    let posting = |account: &str, amount| Posting { account: account.into(), amount, currency: "usd".into() };
    let expected = [posting("card", -1_061), posting("creator:ana", 1_000), posting("fee_reserve", 61)];
    assert_eq!(app.postings(&payment).await, expected);
    let transfers = app.stripe(Method::GET, "/v1/transfers", &[]).await.body;
    assert_eq!(transfers["data"][0]["amount"], 1_000);
    let replay = sam.pay("k", body).await;
    assert_eq!((replay.status, &replay.body["status"]), (201, &json!("succeeded")));
    assert!(replay.body["client_secret"].is_null());
}

#[tokio::test]
async fn the_local_stack_shows_the_entries_of_a_payment() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    let path = format!("/local/ledger/{}", text(&payment, "payment_id"));
    let ledger = |entries| json!({"payment_id": payment["payment_id"], "entries": entries});
    assert_eq!(sam.get(&path).await.body, ledger(json!([])));

    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let settled = &sam.get(&path).await.body["entries"];
    let settled = settled.as_array().into_iter().flatten().find(|entry| entry["id"] == "settled");
    let posting = |account, amount: i64| json!({"account": account, "amount": amount, "currency": "usd"});
    let postings = [posting("card", -1_061), posting("creator:ana", 1_000), posting("fee_reserve", 61)];
    assert_eq!(settled.map(|entry| entry["postings"].clone()), Some(json!(postings)));

    for absent in ["/local/ledger/pay_0123456789abcdef0123456789abcdef", "/local/ledger/x"] {
        assert_eq!(sam.get(absent).await.problem(), (404, "not_found"));
    }
}

#[tokio::test]
async fn a_declined_card_leaves_the_payment_payable_with_another() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_chargeDeclined").await.status, 402);
    let declined = sam.until_status(&payment, "requires_payment_method").await;
    assert_eq!(declined["status"], "requires_payment_method");
    assert_eq!(app.postings(&payment).await, []);
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    sam.until_status(&payment, "succeeded").await;
}

#[tokio::test]
async fn a_failed_3d_secure_leaves_the_payment_payable_again() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    let confirmed = app.confirm(&payment, "pm_card_threeDSecure2Required").await;
    assert_eq!(confirmed.body["status"], "requires_action", "{confirmed:?}");
    sam.until_status(&payment, "requires_action").await;
    app.fail_3d_secure(&confirmed).await;
    sam.until_status(&payment, "requires_payment_method").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    sam.until_status(&payment, "succeeded").await;
}

#[tokio::test]
async fn a_canceled_intent_closes_the_payment_and_books_nothing() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    let path = format!("/v1/payment_intents/{}/cancel", text(&payment, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &path, &[]).await.status, 200);
    sam.until_status(&payment, "canceled").await;
    assert_eq!(app.postings(&payment).await, []);
    let replay = sam.pay("k", ten_dollars()).await;
    assert_eq!((replay.status, &replay.body["status"]), (201, &json!("canceled")));
    assert!(replay.body["client_secret"].is_null());
}

#[tokio::test]
async fn a_payment_is_held_to_its_quote() {
    let app = App::start().await;
    let sam = app.user("sam");
    let quote = sam.post("/v1/quotes", ten_dollars()).await.body;
    let quoted = |amount: i64, token: &str| {
        let mut body = order("ana", amount);
        body["quote"] = token.into();
        body
    };
    let token = text(&quote, "quote");
    assert_eq!(sam.pay("a", quoted(1_001, token)).await.problem(), (422, "quote_mismatch"));
    assert_eq!(sam.pay("b", quoted(1_000, "forged.quote")).await.problem(), (422, "quote_invalid"));
    let payment = sam.pay("c", quoted(1_000, token)).await.body;
    assert_eq!(payment["total"], quote["total"]);
}
