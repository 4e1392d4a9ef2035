//! What Stripe's objects say about a payment: to whom and for what, and nothing of an anonymous sender where the creator looks.

use black_box::{App, Breakable, order, text};
use reqwest::Method;
use serde_json::{Value, json};

/// A paid payment from `sam`, for a room.
async fn paid_for(app: &App, creator: &str, context: &str, anonymous: bool) -> Value {
    let mut body = order(creator, 1_000);
    body["context"] = context.into();
    body["anonymous"] = anonymous.into();
    body["message"] = "Bravo from Sam".into();
    let payment = app.user_with_email("sam", "sam@example.com").pay("k", body).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(app.confirm(&payment.body, "pm_card_visa").await.status, 200);
    app.user("sam").until_status(&payment.body, "succeeded").await;
    payment.body
}

/// The payment's intent, charge and transfer, as the platform sees them.
async fn at_stripe(app: &App, payment: &Value) -> [Value; 3] {
    let intent = format!("/v1/payment_intents/{}", text(payment, "stripe_payment_intent_id"));
    let intent = app.stripe(Method::GET, &intent, &[]).await.body;
    let charge = format!("/v1/charges/{}", text(&intent, "latest_charge"));
    let charge = app.stripe(Method::GET, &charge, &[]).await.body;
    let transfer = format!("/v1/transfers/{}", text(&charge, "transfer"));
    let transfer = app.stripe(Method::GET, &transfer, &[]).await.body;
    [intent, charge, transfer]
}

/// The payment on the creator's account, as its dashboard shows it.
async fn received(app: &App, transfer: &Value) -> Value {
    let path = format!("/v1/charges/{}", text(transfer, "destination_payment"));
    app.stripe_as(text(transfer, "destination"), &path).await.body
}

#[tokio::test]
async fn every_object_at_stripe_says_to_whom_and_for_what_it_is() {
    let app = App::start().await;
    let payment = paid_for(&app, "ana", "room:42", false).await;
    let [intent, charge, transfer] = at_stripe(&app, &payment).await;
    let received = received(&app, &transfer).await;
    let metadata = json!({
        "context": "room:42", "creator_id": "ana", "deployment": "local", "payment_id": payment["payment_id"],
    });
    for object in [&intent, &charge, &transfer, &received] {
        assert_eq!(object["description"], "Payment to ana for room:42", "{object}");
        assert_eq!(object["metadata"], metadata, "{object}");
    }
    assert_eq!(intent["statement_descriptor_suffix"], "ana");
    assert_eq!(charge["calculated_statement_descriptor"], "STAND-IN* ana");
    let refund = app.operator().refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    let refunds = app.refunds_at_stripe(&payment).await;
    assert_eq!(
        (&refunds[0]["metadata"]["creator_id"], &refunds[0]["metadata"]["context"]),
        (&json!("ana"), &json!("room:42"))
    );
}

#[tokio::test]
async fn what_a_creators_dashboard_shows_never_identifies_an_anonymous_sender() {
    let app = App::start().await;
    let payment = paid_for(&app, "ana", "chat with sam", true).await;
    let [intent, _, transfer] = at_stripe(&app, &payment).await;
    let received = received(&app, &transfer).await;
    for object in [&transfer, &received] {
        assert_eq!(object["description"], "Payment to ana");
        assert_eq!(object["metadata"].get("context"), None);
        assert!(!object.to_string().to_lowercase().contains("sam"), "{object}");
    }
    assert_eq!(intent["metadata"]["context"], "chat with sam", "the platform's own objects keep it");
}

#[tokio::test]
async fn no_object_at_stripe_names_a_sender_or_has_a_message() {
    let app = App::start().await;
    let payment = paid_for(&app, "ana", "room:42", false).await;
    for mut object in at_stripe(&app, &payment).await {
        if let Some(fields) = object.as_object_mut() {
            fields.remove("receipt_email");
        }
        assert!(!object.to_string().to_lowercase().contains("sam"), "{object}");
        assert!(!object.to_string().contains("Bravo"), "{object}");
    }
}

#[tokio::test]
async fn a_creators_name_that_stripe_does_not_take_gives_no_suffix() {
    let app = App::start().await;
    for creator in ["4242", "an-artist-with-a-long-name"] {
        app.ready_creator(creator).await;
        app.operator().set_receiving(creator, "enabled").await;
        let payment = app.user(&format!("fan-of-{creator}")).pay("k", order(creator, 1_000)).await.body;
        let intent = format!("/v1/payment_intents/{}", text(&payment, "stripe_payment_intent_id"));
        let intent = app.stripe(Method::GET, &intent, &[]).await.body;
        assert_eq!(intent["statement_descriptor_suffix"], Value::Null);
        assert_eq!(intent["description"], format!("Payment to {creator}"));
    }
}

#[tokio::test]
async fn an_event_about_the_payment_on_the_creators_account_is_not_the_payments() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    let [_, _, transfer] = at_stripe(app, &payment).await;
    let mut object = received(app, &transfer).await;
    object["amount"] = json!(1);
    let id = format!("PAYMENT#{}", text(&payment, "payment_id"));
    let before = app.items(&id).await;
    for (number, kind) in ["charge.succeeded", "payment.created", "charge.refunded"].iter().enumerate() {
        let event = json!({
            "id": format!("evt_received{number}"), "object": "event", "type": kind, "created": object["created"],
            "livemode": false, "api_version": "2026-09-30.endive", "account": transfer["destination"],
            "data": {"object": object},
        });
        assert_eq!(app.deliver(event.to_string()).await.status, 200, "{kind}");
    }
    assert_eq!(app.items(&id).await, before);
    assert_eq!(app.parked_events().await, [] as [Value; 0]);
}
