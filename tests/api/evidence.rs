//! What an operator gets to answer a dispute with.

use black_box::{App, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

fn path(payment: &Value) -> String {
    format!("/v1/admin/payments/{}/evidence", text(payment, "payment_id"))
}

#[tokio::test]
async fn the_evidence_says_what_the_sender_agreed_to_and_what_else_they_paid() {
    let app = App::start().await;
    let earlier = app.paid("sam", "earlier", "pm_card_visa").await;
    app.paid("kim", "k", "pm_card_visa").await;
    let mut order = ten_dollars();
    order["message"] = "Bravo!".into();
    order["context"] = "room:42".into();
    let sam = app.user_with_email("sam", "sam@example.com");
    let payment = sam.pay("k", order).await.body;
    let open = app.operator().get(&path(&payment)).await.body;
    assert_eq!((&open["status"], &open["settled_at"]), (&json!("requires_payment_method"), &json!(null)));
    assert_eq!(app.confirm(&payment, "pm_card_createDispute").await.status, 200);
    sam.until("the dispute", &payment, |payment| payment["disputed_amount"] == 1_061).await;
    let known = app.operator().get(&path(&payment)).await;
    assert_eq!(known.status, 200, "{known:?}");
    let known = known.body;
    let quote = json!({"amount": 1_000, "processing_fee": 61, "total": 1_061, "currency": "usd"});
    assert_eq!(known["quote"], quote);
    for (field, expected) in [
        ("sender_id", "sam"),
        ("creator_id", "ana"),
        ("message", "Bravo!"),
        ("context", "room:42"),
        ("description", "Payment to ana for room:42"),
        ("receipt_email", "sam@example.com"),
        ("created_at", text(&payment, "created_at")),
    ] {
        assert_eq!(known[field], expected, "{field}");
    }
    assert!(known["settled_at"].as_str() >= known["created_at"].as_str());
    assert_eq!(known["disputes"][0]["status"], "needs_response");
    let due_by = sam.payment(&payment).await.body["dispute"]["due_by"].clone();
    assert!(due_by.as_str() > known["created_at"].as_str());
    assert_eq!(known["disputes"][0]["due_by"], due_by);
    let history = known["history"]["payments"].as_array().expect("a list").clone();
    let shown: Vec<_> =
        history.iter().map(|payment| (text(payment, "payment_id"), &payment["disputed"])).collect();
    assert_eq!(shown, [(text(&earlier, "payment_id"), &json!(false))]);
    assert_eq!(known["history"]["undisputed"], 1);
    let of_earlier = app.operator().get(&path(&earlier)).await.body;
    assert_eq!(
        (&of_earlier["history"]["payments"][0]["disputed"], &of_earlier["history"]["undisputed"]),
        (&json!(true), &json!(0))
    );
}

#[tokio::test]
async fn only_operators_get_evidence_and_only_of_a_payment_that_exists() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    for caller in [app.user("sam"), app.user("ana"), app.user("eve")] {
        assert_eq!(caller.get(&path(&payment)).await.status, 403);
    }
    assert_eq!(app.request(Method::GET, &path(&payment)).send().await.expect("an answer").status(), 401);
    for id in ["pay_00000000000000000000000000000000", "pay_x"] {
        let answer = app.operator().get(&format!("/v1/admin/payments/{id}/evidence")).await;
        assert_eq!(answer.problem(), (404, "not_found"));
    }
}
