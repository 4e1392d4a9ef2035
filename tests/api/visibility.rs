//! Who sees a payment, and how much of it.

use black_box::{App, ten_dollars, text};
use serde_json::json;

#[tokio::test]
async fn a_creator_sees_a_payment_and_its_message_only_once_it_has_settled() {
    let app = App::start().await;
    let (sam, ana) = (app.user("sam"), app.user("ana"));
    let mut body = ten_dollars();
    body["message"] = "Bravo!".into();
    let payment = sam.pay("k", body).await.body;
    let path = format!("/v1/payments/{}", text(&payment, "payment_id"));
    assert_eq!(sam.get(&path).await.body["message"], "Bravo!");
    assert_eq!(ana.get(&path).await.problem(), (404, "not_found"));
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let shown = ana.get(&path).await.body;
    assert_eq!((&shown["message"], &shown["sender_id"]), (&json!("Bravo!"), &json!("sam")));
    assert_eq!(app.user("eve").get(&path).await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn an_operator_sees_every_payment() {
    let app = App::start().await;
    let payment = app.user("sam").pay("k", ten_dollars()).await.body;
    let path = format!("/v1/payments/{}", text(&payment, "payment_id"));
    let shown = app.operator().get(&path).await;
    assert_eq!((shown.status, &shown.body["sender_id"]), (200, &json!("sam")));
}

#[tokio::test]
async fn an_anonymous_sender_is_withheld_from_the_creator() {
    let app = App::start().await;
    let sam = app.user("sam");
    let mut body = ten_dollars();
    body["anonymous"] = true.into();
    let payment = sam.pay("k", body).await.body;
    app.confirm(&payment, "pm_card_visa").await;
    sam.until_status(&payment, "succeeded").await;
    let shown = app.user("ana").get(&format!("/v1/payments/{}", text(&payment, "payment_id"))).await;
    assert_eq!((&shown.body["sender_id"], &shown.body["anonymous"]), (&json!(null), &json!(true)));
    assert!(!shown.body.to_string().contains("sam"));
}

#[tokio::test]
async fn an_id_without_a_payment_is_404() {
    let app = App::start().await;
    for id in ["pay_00000000000000000000000000000000", "pay_x", "x", "%00", "%F0%9F%92%B8"] {
        assert_eq!(app.user("sam").get(&format!("/v1/payments/{id}")).await.problem(), (404, "not_found"));
    }
}

#[tokio::test]
async fn a_profile_shows_the_terms() {
    let app = App::start().await;
    let profile = app.user("sam").get("/v1/creators/ana").await.body;
    let expected = json!({
        "creator_id": "ana", "can_receive": true, "reasons": [], "currency": "usd", "min_amount": 50,
        "max_amount": 100_000, "presets": [500, 1_000, 2_500], "message_max_length": 500,
    });
    assert_eq!(profile, expected);
    assert_eq!(app.user("ana").get("/v1/creators/ana").await.reasons(), ["self_payment"]);
}
