//! A sender pays a creator.

use black_box::{App, Posting, ten_dollars};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_sender_pays_a_creator_who_gets_exactly_the_chosen_amount() {
    let app = App::start().await;
    let sam = app.user("sam");
    let quote = sam.post("/v1/quotes", ten_dollars()).await.body;
    assert_eq!((quote["total"].as_i64(), quote["processing_fee"].as_i64()), (Some(1_061), Some(61)));
    let mut order = ten_dollars();
    order["quote"] = quote["quote"].clone();
    let payment = sam.pay("k", order).await.body;
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
    let replay = sam
        .pay("k", json!({"creator_id": "ana", "amount": 1_000, "currency": "usd", "quote": quote["quote"]}));
    let replay = replay.await;
    assert_eq!((replay.status, &replay.body["status"]), (201, &json!("succeeded")));
    assert!(replay.body["client_secret"].is_null());
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
    let page = confirmed.body["next_action"]["use_stripe_sdk"]["stripe_js"].as_str().expect("a page");
    let url = format!("{page}/fail");
    let failed = app.http.post(url).header("accept", "application/json").send().await;
    assert!(failed.expect("an answer").status().is_success());
    sam.until_status(&payment, "requires_payment_method").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    sam.until_status(&payment, "succeeded").await;
}

#[tokio::test]
async fn a_canceled_intent_closes_the_payment_and_books_nothing() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    let path =
        format!("/v1/payment_intents/{}/cancel", black_box::text(&payment, "stripe_payment_intent_id"));
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
    let with = |amount: i64, creator: &str, token: &str| json!({"creator_id": creator, "amount": amount, "currency": "usd", "quote": token});
    let token = black_box::text(&quote, "quote");
    assert_eq!(sam.pay("a", with(1_001, "ana", token)).await.problem(), (422, "quote_mismatch"));
    assert_eq!(sam.pay("b", with(1_000, "ana", "forged.quote")).await.problem(), (422, "quote_invalid"));
    let held = sam.pay("c", with(1_000, "ana", token)).await.body;
    assert_eq!(held["total"], quote["total"]);
}
