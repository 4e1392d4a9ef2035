//! What a payment tells of what happened to it, and to whom.

use black_box::{App, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_declined_payment_says_why_to_its_sender_while_another_card_may_be_tried() {
    let app = App::start().await;
    let (sam, op) = (app.user("sam"), app.operator());
    let payment = sam.created("k").await;
    assert!(sam.payment(&payment).await.body["decline_code"].is_null());
    for (card, told, to_operators) in [
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds", "insufficient_funds"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedStolenCard", "generic_decline", "stolen_card"),
    ] {
        assert_eq!(app.confirm(&payment, card).await.status, 402);
        let is_told = |payment: &Value| payment["decline_code"] == told;
        sam.until("the reason", &payment, is_told).await;
        assert_eq!(op.payment(&payment).await.body["decline_code"], to_operators);
    }
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    let paid = sam.until_status(&payment, "succeeded").await;
    assert!(paid["decline_code"].is_null(), "{paid}");
}

#[tokio::test]
async fn a_settled_payment_says_when_with_which_card_and_what_became_of_it() {
    let app = App::start().await;
    let (sam, ana, op) = (app.user("sam"), app.user("ana"), app.operator());
    let mut order = ten_dollars();
    order["context"] = "room:42".into();
    order["anonymous"] = true.into();
    let payment = sam.pay("k", order).await.body;
    assert_eq!(app.confirm(&payment, "pm_card_mastercard").await.status, 200);
    let card = json!({"brand": "mastercard", "last4": "4444"});
    let paid = sam.until("the card", &payment, |payment| payment["card"] == card).await;
    assert_eq!((&paid["context"], &paid["refunds"]), (&json!("room:42"), &Value::Null));
    assert!(paid["settled_at"].as_str() >= paid["created_at"].as_str(), "{paid}");
    assert_eq!(op.payment(&payment).await.body["card"], card);
    let seen = ana.payment(&payment).await.body;
    assert!(seen["card"].is_null() && seen["sender_id"].is_null(), "{seen}");
    assert_eq!(seen["settled_at"], paid["settled_at"]);

    let refund = sam.refund(&payment, "r", json!({"amount": 400, "reason": "too much"})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    let form = [("payment_intent", text(&payment, "stripe_payment_intent_id")), ("amount", "106")];
    let elsewhere = app.stripe(Method::POST, "/v1/refunds", &form).await.body;
    sam.until("both refunds", &payment, |payment| payment["refunded_amount"] == 499).await;
    let ours = json!({"refund_id": refund.body["refund_id"], "status": "succeeded", "amount": 400,
        "created_at": refund.body["created_at"]});
    let theirs = json!({"refund_id": elsewhere["id"], "status": "succeeded", "amount": 99});
    for reader in [&sam, &ana, &op] {
        assert_eq!(reader.payment(&payment).await.body["refunds"], json!([ours, theirs]));
    }
}

#[tokio::test]
async fn nothing_more_of_a_card_is_stored_than_what_its_holder_knows_it_by() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    app.user("sam").until("the card", &payment, |payment| !payment["card"].is_null()).await;
    let form = [("limit", "1")];
    let charge = app.stripe(Method::GET, "/v1/charges", &form).await.body["data"][0].clone();
    let details = &charge["payment_method_details"]["card"];
    let fingerprint = text(details, "fingerprint").to_owned();
    let stored = Value::from(app.table().await).to_string();
    assert!(
        !stored.contains(&fingerprint) && !stored.contains("exp_year") && !stored.contains("\"funding\"")
    );
    assert!(stored.contains(r#""last4":{"S":"4242"}"#));
}
