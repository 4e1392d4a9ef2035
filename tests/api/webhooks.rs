//! Deliveries: forged, stale, doubled, foreign, unreadable, too early.

use black_box::{Answer, App, Breakable, Fault, id_of, now_s, signature, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_event_again_in_any_order_changes_nothing() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    app.confirm(&payment, "pm_card_visa").await;
    app.user("sam").until_status(&payment, "succeeded").await;
    let events = app.events_of(&payment).await;
    let before = app.table().await;
    for event in events.iter().rev().chain(&events).chain(events.iter().rev()) {
        assert_eq!(app.deliver(event.to_string()).await.status, 200);
    }
    assert_eq!(app.table().await, before);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn a_forged_or_stale_delivery_is_400_and_changes_nothing() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = app.succeeded_event(&payment).await.to_string().into_bytes();
    let now = now_s();
    let good = signature("whsec_local", now, &event);
    let forgeries = [
        signature("whsec_other", now, &event),
        signature("whsec_local", now - 301, &event),
        signature("whsec_local", now + 330, &event),
        signature("whsec_local", now, b"another body"),
        good.replace("v1=", "v0="),
        format!("t={now}"),
        String::new(),
        "garbage".to_owned(),
    ];
    for forgery in forgeries {
        let answer = app.deliver_signed(event.clone(), &forgery).await;
        assert_eq!(answer.problem(), (400, "invalid_signature"), "{forgery}");
    }
    assert_eq!(app.postings(&payment).await, []);
    assert_eq!(app.deliver_signed(event, &good).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn the_signature_is_over_the_bytes_as_sent() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = app.succeeded_event(&payment).await;
    // White space and escapes that no serializer of ours writes.
    let odd = serde_json::to_string_pretty(&event)
        .expect("JSON")
        .replace("usd", "\\u0075sd")
        .replace('\n', "\r\n ");
    assert_eq!(app.deliver(odd).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn a_body_that_the_gateway_hands_over_in_base64_is_taken_by_its_bytes() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = app.succeeded_event(&payment).await.to_string().into_bytes();
    let signature = signature("whsec_local", now_s(), &event);
    // Not a textual type, so that the event holds the body in base64.
    let request = app.request(Method::POST, "/v1/stripe/webhooks").header("stripe-signature", signature);
    let request = request.header("content-type", "application/octet-stream").body(event);
    assert_eq!(Answer::to(request).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn an_event_that_is_not_ours_is_200_and_not_kept() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let before = app.table().await;
    let mut foreign = app.succeeded_event(&payment).await;
    foreign["data"]["object"]["metadata"] = json!({});
    foreign["data"]["object"]["id"] = json!("pi_foreign");
    let mut other_deployment = app.succeeded_event(&payment).await;
    other_deployment["data"]["object"]["metadata"]["deployment"] = json!("other-stack");
    other_deployment["data"]["object"]["id"] = json!("pi_foreign");
    let mut without_row = foreign.clone();
    without_row["data"]["object"]["metadata"] = json!({"payment_id": "pay_00000000000000000000000000000000"});
    let odd = |alter: fn(&mut Value)| {
        let mut event = foreign.clone();
        alter(&mut event);
        event
    };
    let odd_shapes = [
        odd(|event| event["data"]["object"]["amount"] = json!(["many"])),
        odd(|event| event["data"]["object"]["status"] = json!("teleported")),
        odd(|event| event["data"]["object"]["currency"] = json!(7)),
        odd(|event| event["data"]["object"]["id"] = json!("intent-1")),
        odd(|event| event["data"]["object"] = json!({"object": "payment_intent"})),
        odd(|event| event["id"] = json!(null)),
        odd(|event| event["created"] = json!("now")),
    ];
    let mut connected = app.succeeded_event(&payment).await;
    connected["account"] = json!("acct_1ABC");
    let mut live = app.succeeded_event(&payment).await;
    live["livemode"] = json!(true);
    let mut unknown = app.succeeded_event(&payment).await;
    unknown["type"] = json!("brand.new_thing");
    for event in
        [foreign, other_deployment, without_row, connected, live, unknown].into_iter().chain(odd_shapes)
    {
        assert_eq!(app.deliver(event.to_string()).await.status, 200, "{event}");
    }
    assert_eq!(app.table().await, before);
}

#[tokio::test]
async fn an_intent_whose_metadata_was_edited_away_is_known_by_its_id() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let mut edited = app.succeeded_event(&payment).await;
    edited["data"]["object"]["metadata"] = json!({"payment_id": "", "deployment": "elsewhere"});
    let mut unreadable = edited.clone();
    unreadable["id"] = json!("evt_unreadable");
    unreadable["data"]["object"]["status"] = json!("teleported");
    assert_eq!(app.deliver(unreadable.to_string()).await.status, 200);
    assert_eq!(app.parked_events().await.len(), 1, "it is ours, and cannot be read");
    assert_eq!(app.deliver(edited.to_string()).await.status, 200);
    assert_eq!(app.postings(&payment).await.len(), 3);
}

#[tokio::test]
async fn an_intent_whose_metadata_was_edited_to_name_another_payment_is_known_by_its_id() {
    let app = App::start().await;
    let (named, paid) = (app.user("sam").created("one").await, app.user("sam").created("two").await);
    let mut edited = app.succeeded_event(&paid).await;
    edited["data"]["object"]["metadata"]["payment_id"] = named["payment_id"].clone();
    assert_eq!(app.deliver(edited.to_string()).await.status, 200);
    assert_eq!(app.parked_events().await.len(), 0);
    assert_eq!((app.postings(&paid).await.len(), app.postings(&named).await.len()), (3, 0));
}

#[tokio::test]
async fn an_authentic_event_that_cannot_be_applied_is_kept_with_its_body_and_answered_200() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let event = app.succeeded_event(&payment).await;
    let altered = |id: &str, path: &str, value: Value| {
        let mut altered = event.clone();
        altered["id"] = json!(id);
        *altered.pointer_mut(path).expect("a field") = value;
        altered.to_string()
    };
    let mut of_no_payment = event.clone();
    of_no_payment["id"] = json!("evt_6");
    of_no_payment["data"]["object"]["id"] = json!("pi_of_no_payment");
    of_no_payment["data"]["object"]["metadata"]["payment_id"] = json!("pay_00000000000000000000000000000000");
    let of_no_payment = of_no_payment.to_string();
    let unapplicable = [
        altered("evt_1", "/data/object/amount", json!(1)),
        altered("evt_2", "/data/object/transfer_data/amount", json!(1)),
        altered("evt_3", "/data/object/currency", json!("eur")),
        altered("evt_4", "/data/object/status", json!("teleported")),
        altered("evt_5", "/data/object/amount", json!("many")),
        of_no_payment,
        "{\"id\": \"evt_7\", \"type\": \"payment_intent.succeeded\"}".to_owned(),
        "not JSON at all".to_owned(),
    ];
    for body in &unapplicable {
        assert_eq!(app.deliver(body.clone()).await.status, 200, "{body}");
        assert_eq!(app.deliver(body.clone()).await.status, 200, "{body}");
    }
    assert_eq!(app.deliver(vec![0xff, 0xfe, 0x00]).await.status, 200);
    assert_eq!(app.postings(&payment).await, []);
    let parked = app.parked_events().await;
    assert_eq!(parked.len(), unapplicable.len() + 1);
    assert!(parked.iter().all(|item| item["body"]["B"].is_string() && item["reason"]["S"].is_string()));
}

#[tokio::test]
async fn an_event_that_comes_before_its_payment_knows_the_intent_attaches_it() {
    let stack = Breakable::start().await;
    // The intent is created, and the function crashes before the answer arrives.
    stack.create.arm(3, Fault::CrashAfter);
    assert_eq!(stack.app.user("sam").pay("k", ten_dollars()).await.status, 500);
    assert!(stack.create.fired());
    let row = stack.app.row_of("sam").await.expect("a row");
    assert!(row["state"]["M"]["intent"].is_null(), "{row}");
    let intent = stack.app.intents().await.remove(0);
    let payment = json!({"payment_id": id_of(&row), "stripe_payment_intent_id": intent["id"]});
    stack.app.deliver_events_of(&payment).await;
    let row = stack.app.row_of("sam").await.expect("a row");
    assert_eq!(row["state"]["M"]["intent"]["S"], intent["id"]);
    let mapping = stack.app.items(&format!("INTENT#{}", text(&intent, "id"))).await;
    assert_eq!((mapping.len(), &mapping[0]["payment_id"]["S"]), (1, &payment["payment_id"]));
}

/// A payment whose 3-D Secure was required and failed, with the two events about it.
async fn failed_3d_secure(stack: &Breakable, sender: &str) -> (Value, [Value; 2]) {
    let payment = stack.app.user(sender).created("k").await;
    let confirmed = stack.app.confirm(&payment, "pm_card_threeDSecure2Required").await;
    stack.app.fail_3d_secure(&confirmed).await;
    let events = stack.app.events_of(&payment).await;
    let of_type = |event_type: &str| {
        events.iter().find(|event| event["type"] == event_type).cloned().expect("an event of this type")
    };
    let [asked, failed] = ["payment_intent.requires_action", "payment_intent.payment_failed"].map(of_type);
    (payment, [asked, failed])
}

#[tokio::test]
async fn two_events_of_one_second_show_what_stripe_shows_in_either_order_and_whatever_their_ids() {
    let stack = Breakable::start().await;
    for (n, failed_first) in [false, true, false, true].into_iter().enumerate() {
        let sender = format!("sam-{n}");
        let (payment, [mut asked, mut failed]) = failed_3d_secure(&stack, &sender).await;
        failed["created"] = asked["created"].clone();
        let ids = if n < 2 { ["evt_a", "evt_b"] } else { ["evt_b", "evt_a"] };
        (asked["id"], failed["id"]) = (json!(ids[0]), json!(ids[1]));
        let in_order = if failed_first { [failed, asked] } else { [asked, failed] };
        for event in in_order {
            assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
        }
        let row = stack.app.row_of(&sender).await.expect("a row");
        assert_eq!(row["status"]["S"], "requires_payment_method", "{failed_first} {ids:?} {payment}");
    }
}

#[tokio::test]
async fn paid_outranks_canceled_whichever_comes_first() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let paid = app.succeeded_event(&payment).await;
    let mut canceled = paid.clone();
    canceled["id"] = json!("evt_canceled");
    canceled["type"] = json!("payment_intent.canceled");
    canceled["data"]["object"]["status"] = json!("canceled");
    assert_eq!(app.deliver(canceled.to_string()).await.status, 200);
    app.user("sam").until_status(&payment, "canceled").await;
    assert_eq!(app.deliver(paid.to_string()).await.status, 200);
    app.user("sam").until_status(&payment, "succeeded").await;
    assert_eq!(app.postings(&payment).await.len(), 3);
}
