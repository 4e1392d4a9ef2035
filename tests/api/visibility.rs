//! Who sees a payment, and how much of it.

use black_box::{App, ten_dollars, text};
use serde_json::json;

#[tokio::test]
async fn a_creator_sees_a_payment_and_its_message_only_once_it_has_settled() {
    let app = App::start().await;
    let (sam, ana) = (app.user("sam"), app.user("ana"));
    let order = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd", "message": "Bravo!"});
    let payment = sam.pay("k", order).await.body;
    let path = format!("/v1/payments/{}", text(&payment, "payment_id"));
    assert_eq!(sam.get(&path).await.body["message"], "Bravo!");
    assert_eq!(ana.get(&path).await.problem(), (404, "not_found"));
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let seen = ana.get(&path).await.body;
    assert_eq!((&seen["message"], &seen["sender_id"]), (&json!("Bravo!"), &json!("sam")));
    assert_eq!(app.user("eve").get(&path).await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn an_operator_sees_every_payment() {
    let app = App::start().await;
    let payment = app.user("sam").pay("k", ten_dollars()).await.body;
    let path = format!("/v1/payments/{}", text(&payment, "payment_id"));
    let seen = app.operator().get(&path).await;
    assert_eq!((seen.status, &seen.body["sender_id"]), (200, &json!("sam")));
}

#[tokio::test]
async fn an_anonymous_sender_is_withheld_from_the_creator() {
    let app = App::start().await;
    let sam = app.user("sam");
    let order = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd", "anonymous": true});
    let payment = sam.pay("k", order).await.body;
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let seen = app.user("ana").get(&format!("/v1/payments/{}", text(&payment, "payment_id"))).await;
    assert_eq!((&seen.body["sender_id"], &seen.body["anonymous"]), (&json!(null), &json!(true)));
    assert!(!seen.body.to_string().contains("sam"));
}

#[tokio::test]
async fn what_is_no_payment_is_404() {
    let app = App::start().await;
    for id in ["pay_00000000000000000000000000000000", "pay_x", "x", "%00", "%F0%9F%92%B8"] {
        assert_eq!(app.user("sam").get(&format!("/v1/payments/{id}")).await.problem(), (404, "not_found"));
    }
}

#[tokio::test]
async fn a_profile_tells_the_terms() {
    let app = App::start().await;
    let profile = app.user("sam").get("/v1/creators/ana").await.body;
    let expected = json!({
        "creator_id": "ana", "can_receive": true, "reasons": [], "currency": "usd", "min_amount": 50,
        "max_amount": 100_000, "presets": [500, 1_000, 2_500], "message_max_length": 500,
    });
    assert_eq!(profile, expected);
    assert_eq!(app.user("ana").get("/v1/creators/ana").await.reasons(), ["self_payment"]);
}
