//! Operators find a payment by the id of any of its objects at Stripe.

use black_box::{Answer, App, Caller, text};
use reqwest::Method;
use serde_json::{Value, json};

async fn found(caller: &Caller<'_>, id: &str) -> Answer {
    caller.get(&format!("/v1/admin/stripe-objects/{id}/payment")).await
}

fn ids(objects: &[Value]) -> Vec<String> {
    objects.iter().map(|object| text(object, "id").to_owned()).collect()
}

#[tokio::test]
async fn every_object_of_a_payment_leads_to_it() {
    let app = App::start().await;
    let (sam, op) = (app.user("sam"), app.operator());
    app.paid("kim", "other", "pm_card_visa").await;
    let payment = sam.created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_chargeDeclinedInsufficientFunds").await.status, 402);
    sam.until("the decline", &payment, |payment| !payment["decline_code"].is_null()).await;
    let intent = text(&payment, "stripe_payment_intent_id");
    let declined = found(&op, intent).await;
    assert_eq!(declined.status, 200, "{declined:?}");
    assert_eq!(declined.body["decline_code"], "insufficient_funds");
    assert_eq!((&declined.body["sender_id"], &declined.body["creator_id"]), (&json!("sam"), &json!("ana")));

    assert_eq!(app.confirm(&payment, "pm_card_createDispute").await.status, 200);
    sam.until("the dispute", &payment, |payment| payment["disputed_amount"] == 1_061).await;
    let of_payment = [("payment_intent", intent)];
    let charges = app.stripe(Method::GET, "/v1/charges", &of_payment).await.body["data"].clone();
    let charge = charges.as_array().expect("charges").iter().find(|charge| charge["paid"] == true);
    let charge = charge.expect("a paid charge");
    let disputes = app.listed("/v1/disputes").await;
    let transfer = text(charge, "transfer");
    let mut all = vec![intent.to_owned(), text(charge, "id").to_owned(), transfer.to_owned()];
    all.extend(ids(&disputes));
    all.push(text(charge, "balance_transaction").to_owned());
    for transaction in disputes[0]["balance_transactions"].as_array().expect("transactions") {
        all.push(text(transaction, "id").to_owned());
    }
    for id in all {
        let answer = found(&op, &id).await;
        assert_eq!(answer.status, 200, "{id}: {answer:?}");
        assert_eq!(answer.body["payment_id"], payment["payment_id"], "{id}");
        assert_eq!(answer.body["stripe_charge_id"], charge["id"], "{id}");
        assert!(answer.body["decline_code"].is_null(), "{id}");
    }
}

#[tokio::test]
async fn a_refund_leads_to_its_payment_whoever_made_it() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    let intent = app.intents().await[0].clone();
    let form = [("payment_intent", text(&intent, "id")), ("amount", "106")];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &form).await.status, 200);
    let refunds = app.refunds_at_stripe(&payment).await;
    assert_eq!(refunds.len(), 2);
    for refund in ids(&refunds) {
        let answer = found(&app.operator(), &refund).await;
        assert_eq!((answer.status, &answer.body["payment_id"]), (200, &payment["payment_id"]), "{refund}");
    }
}

#[tokio::test]
async fn an_intent_leads_to_its_payment_while_stripe_is_down() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let (intent, charge) = (app.intents().await.remove(0), app.listed("/v1/charges").await.remove(0));
    app.chaos(json!({"respond_500": 1_000_000})).await;
    let answer = found(&app.operator(), text(&intent, "id")).await;
    assert_eq!((answer.status, &answer.body["payment_id"]), (200, &payment["payment_id"]), "{answer:?}");
    assert_eq!(found(&app.operator(), text(&charge, "id")).await.problem(), (503, "unavailable"));
    assert_eq!(found(&app.operator(), "pi_unknown").await.problem(), (503, "unavailable"));
}

#[tokio::test]
async fn what_is_of_others_or_unknown_is_not_found_and_only_operators_may_look() {
    let app = App::start().await;
    app.paid("sam", "k", "pm_card_visa").await;
    let intent = app.intents().await[0].clone();
    let form = [
        ("amount", "500"),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
        ("allowed_payment_method_types[]", "card"),
    ];
    let foreign = app.stripe(Method::POST, "/v1/payment_intents", &form).await;
    assert_eq!(foreign.status, 200, "{foreign:?}");
    let foreign = [text(&foreign.body, "id"), text(&foreign.body, "latest_charge")];
    let unknown = ["ch_unknown", "re_unknown", "dp_unknown", "tr_unknown", "txn_unknown", "pi_unknown", "x"];
    for id in foreign.into_iter().chain(unknown) {
        assert_eq!(found(&app.operator(), id).await.problem(), (404, "not_found"), "{id}");
    }
    let intent = text(&intent, "id");
    for caller in [app.user("sam"), app.user("ana"), app.user("eve")] {
        assert_eq!(found(&caller, intent).await.status, 403);
    }
}
