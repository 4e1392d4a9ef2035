//! A card is entered once: it is kept by the sender's consent, shown again, pays again, and can be forgotten.

use black_box::Service::{DynamoDb, Stripe};
use black_box::{Breakable, Caller, listen_to_logs, logged, order, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

const SESSIONS: &str = "/v1/customer_sessions";

fn refusal(code: &str) -> Value {
    json!({"error": {"type": "invalid_request_error", "code": code}})
}

#[tokio::test]
async fn the_first_payment_keeps_the_card_and_the_second_needs_none() {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let first = sam.pay_with_saved_cards("k1").await.body;
    let element = app.element(text(&first, "customer_session_client_secret")).await.body;
    assert_eq!((&element["component"], &element["payment_methods"]), (&json!("payment_element"), &json!([])));
    assert_eq!(sam.saved_cards().await, [] as [String; 0]);
    let card = app.pay_and_save(&first).await;
    let expected = json!({"payment_method_id": card, "brand": "visa", "last4": "4242", "exp_month": 12});
    let mut listed = sam.get("/v1/payment-methods").await.body;
    assert!(listed["items"][0]["exp_year"].as_i64() > Some(2_025), "{listed}");
    listed["items"][0].as_object_mut().expect("a card").remove("exp_year");
    assert_eq!(listed, json!({"items": [expected], "next_cursor": null}));

    let second = sam.pay_with_saved_cards("k2").await.body;
    assert_eq!(second["customer_id"], first["customer_id"]);
    let element = app.element(text(&second, "customer_session_client_secret")).await.body;
    assert_eq!(element["payment_methods"][0]["id"], card);
    assert_eq!(app.confirm(&second, &card).await.status, 200);
    app.deliver_events_of(&second).await;
    assert_eq!(sam.payment(&second).await.body["status"], "succeeded");
    assert_eq!(app.customers_of("sam").await.len(), 1);
}

#[tokio::test]
async fn an_app_on_a_phone_gets_a_session_for_its_own_element() {
    let stack = Breakable::start().await;
    let mut body = ten_dollars();
    body["saved_cards"] = json!("mobile");
    let payment = stack.app.user("sam").pay("k", body).await.body;
    let element = stack.app.element(text(&payment, "customer_session_client_secret")).await.body;
    assert_eq!(element["component"], "mobile_payment_element");
    assert_eq!(element["features"]["payment_method_save"], "enabled");
}

#[tokio::test]
async fn the_consent_is_the_elements_own_and_we_never_set_it() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").pay_with_saved_cards("k").await.body;
    let intent = stack.app.intents().await.remove(0);
    assert_eq!((&intent["customer"], &intent["setup_future_usage"]), (&payment["customer_id"], &Value::Null));
    let element = stack.app.element(text(&payment, "customer_session_client_secret")).await.body;
    let features = &element["features"];
    for feature in ["payment_method_redisplay", "payment_method_save", "payment_method_remove"] {
        assert_eq!(features[feature], "enabled");
    }
    assert_eq!(features["payment_method_save_usage"], "on_session");
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    assert_eq!(stack.app.user("sam").saved_cards().await, [] as [String; 0], "nobody agreed");
}

#[tokio::test]
async fn a_customer_costs_one_request_of_stripe_once_and_a_session_none_that_waits() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    sam.created("plain").await;
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe, DynamoDb], "without saved cards");
    assert_eq!(sam.pay_with_saved_cards("k1").await.status, 201);
    let made = stack.create.made();
    let (customer, payment) = made.split_at(4);
    assert_eq!(customer, [DynamoDb, DynamoDb, Stripe, DynamoDb]);
    assert_eq!(payment, [DynamoDb, Stripe, Stripe, DynamoDb]);
    assert_eq!(sam.pay_with_saved_cards("k2").await.status, 201);
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe, Stripe, DynamoDb]);
    assert_eq!(sam.pay_with_saved_cards("k2").await.status, 201);
    assert_eq!(stack.create.made(), [DynamoDb, Stripe, Stripe]);
}

#[tokio::test]
async fn a_replay_has_a_session_of_its_own_and_a_paid_payment_has_none() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let secret = "customer_session_client_secret";
    let first = sam.pay_with_saved_cards("k").await.body;
    let again = sam.pay_with_saved_cards("k").await.body;
    assert_eq!(again["customer_id"], first["customer_id"]);
    assert_ne!(text(&again, secret), text(&first, secret));
    stack.app.pay_and_save(&first).await;
    stack.app.deliver_events_of(&first).await;
    stack.create.made();
    let paid = sam.pay_with_saved_cards("k").await.body;
    assert_eq!((&paid["client_secret"], &paid[secret]), (&Value::Null, &Value::Null));
    assert_eq!(stack.create.made(), [DynamoDb]);
    let other = sam.pay("k", ten_dollars()).await;
    assert_eq!(other.problem(), (422, "idempotency_key_reused"), "saved_cards is part of the body");
}

#[tokio::test]
async fn a_payment_that_does_not_ask_for_saved_cards_has_no_customer() {
    let stack = Breakable::start().await;
    let created = stack.app.user("sam").created("k").await;
    for field in ["customer_id", "customer_session_client_secret"] {
        assert_eq!(created.get(field), Some(&Value::Null), "{field}");
    }
    assert_eq!(stack.app.customers_of("sam").await.len(), 0);
    let mut wrong = order("ana", 1_000);
    wrong["saved_cards"] = json!("desktop");
    assert_eq!(stack.app.user("sam").pay("k2", wrong).await.problem(), (400, "invalid_request"));
}

#[tokio::test]
async fn a_payment_goes_on_where_saved_cards_cannot_be_shown() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    for (path, status) in [(SESSIONS, 403), (SESSIONS, 500), ("/v1/customers", 403), ("/v1/customers", 500)] {
        let sam = app.user(&format!("sam-{status}-{}", path.len()));
        stack.create.stripe_replies_at(path, status, &refusal("parameter_unknown"));
        let created = sam.pay_with_saved_cards("k").await;
        stack.create.stripe_is_back();
        assert_eq!((created.status, &created.body["customer_session_client_secret"]), (201, &Value::Null));
        assert_eq!(created.body["customer_id"].is_string(), path == SESSIONS, "{created:?}");
        assert_eq!(app.confirm(&created.body, "pm_card_visa").await.status, 200);
        let next = sam.pay_with_saved_cards("k2").await.body;
        assert!(next["customer_session_client_secret"].is_string(), "{next}");
    }
}

#[tokio::test]
async fn a_customer_that_was_deleted_at_stripe_is_replaced_once() {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let first = sam.pay_with_saved_cards("k1").await.body;
    app.pay_and_save(&first).await;
    let gone = text(&first, "customer_id");
    assert_eq!(app.stripe(Method::DELETE, &format!("/v1/customers/{gone}"), &[]).await.status, 200);
    assert_eq!(sam.saved_cards().await, [] as [String; 0]);
    let second = sam.pay_with_saved_cards("k2").await.body;
    let customers = app.customers_of("sam").await;
    assert_eq!(customers.len(), 1);
    assert_eq!(second["customer_id"], customers[0]);
    let element = app.element(text(&second, "customer_session_client_secret")).await;
    assert_eq!(element.status, 200, "{element:?}");
    let again = sam.pay_with_saved_cards("k2").await.body;
    assert_eq!(again["stripe_payment_intent_id"], second["stripe_payment_intent_id"]);
    app.pay_and_save(&second).await;
    assert_eq!(sam.saved_cards().await.len(), 1);
}

#[tokio::test]
async fn a_sender_forgets_a_card_and_nobody_elses() {
    let stack = Breakable::start().await;
    let (app, sam, kim) = (&stack.app, stack.app.user("sam"), stack.app.user("kim"));
    let of_sam = app.pay_and_save(&sam.pay_with_saved_cards("k").await.body).await;
    let of_kim = app.pay_and_save(&kim.pay_with_saved_cards("k").await.body).await;
    let path = |card: &str| format!("/v1/payment-methods/{card}");
    let nobody = app.user("tom");
    for (caller, card) in [(&sam, of_kim.as_str()), (&nobody, &of_kim), (&sam, "pm_nobody"), (&sam, "pi_1")] {
        assert_eq!(caller.delete(&path(card)).await.problem(), (404, "not_found"), "{card}");
    }
    assert_eq!((sam.saved_cards().await, kim.saved_cards().await), (vec![of_sam.clone()], vec![of_kim]));
    assert_eq!(sam.delete(&path(&of_sam)).await.status, 204);
    assert_eq!(sam.saved_cards().await, [] as [String; 0]);
    assert_eq!(sam.delete(&path(&of_sam)).await.problem(), (404, "not_found"));
    let next = sam.pay_with_saved_cards("k2").await.body;
    assert_eq!(app.confirm(&next, &of_sam).await.status, 400, "it never pays again");
}

#[tokio::test]
async fn cards_are_listed_in_pages_newest_first() {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let mut cards = Vec::new();
    for n in 0..3 {
        let payment = sam.pay_with_saved_cards(&format!("k{n}")).await.body;
        cards.insert(0, app.pay_and_save(&payment).await);
    }
    let first = sam.get("/v1/payment-methods?limit=2").await.body;
    let next = format!("/v1/payment-methods?limit=2&cursor={}", text(&first, "next_cursor"));
    let second = sam.get(&next).await.body;
    assert_eq!(second["next_cursor"], Value::Null);
    let pages = [&first["items"], &second["items"]].map(|page| page.as_array().expect("a page"));
    let listed = pages.into_iter().flatten().map(|card| text(card, "payment_method_id").to_owned());
    assert_eq!(listed.collect::<Vec<_>>(), cards);
}

#[tokio::test]
async fn a_cursor_of_another_sender_or_one_that_was_changed_is_refused() {
    let stack = Breakable::start().await;
    let (app, sam, kim) = (&stack.app, stack.app.user("sam"), stack.app.user("kim"));
    let mut cards = Vec::new();
    for (caller, key) in [(&sam, "s1"), (&sam, "s2"), (&kim, "k1"), (&kim, "k2")] {
        cards.push(app.pay_and_save(&caller.pay_with_saved_cards(key).await.body).await);
    }
    let of = async |caller: &Caller<'_>| {
        text(&caller.get("/v1/payment-methods?limit=1").await.body, "next_cursor").to_owned()
    };
    let (own, foreign) = (of(&sam).await, of(&kim).await);
    let list = |cursor: &str| format!("/v1/payment-methods?cursor={cursor}");
    assert_eq!(sam.get(&list(&own)).await.body["items"][0]["payment_method_id"], cards[0]);
    let (changed, cut) = (own.replace(&own[4..8], "AAAA"), &own[..own.len() - 2]);
    let bare = cards.iter().map(String::as_str);
    for cursor in bare.chain([foreign.as_str(), &changed, cut, "pm_nobody", "x"]) {
        let refused = sam.get(&list(cursor)).await;
        assert_eq!(
            (refused.problem(), &refused.body["field"]),
            ((400, "invalid_request"), &json!("cursor")),
            "{cursor}"
        );
        assert_eq!(app.user("tom").get(&list(cursor)).await.status, 400, "{cursor}: there is no list at all");
    }
}

#[tokio::test]
async fn a_500_that_stripe_saved_does_not_keep_a_card_that_is_forgotten() {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let card = app.pay_and_save(&sam.pay_with_saved_cards("k").await.body).await;
    let path = format!("/v1/payment-methods/{card}");
    app.chaos(json!({"save_500": 1_000_000})).await;
    assert_eq!(sam.delete(&path).await.problem(), (503, "unavailable"));
    app.chaos(json!({})).await;
    assert_eq!(sam.saved_cards().await, [card]);
    assert_eq!(sam.delete(&path).await.status, 204);
    assert_eq!(sam.saved_cards().await, [] as [String; 0]);
}

#[tokio::test]
async fn a_card_that_two_requests_forget_at_once_is_forgotten_for_both() {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let card = app.pay_and_save(&sam.pay_with_saved_cards("k").await.body).await;
    let path = format!("/v1/payment-methods/{card}");
    let (one, other) = futures_util::join!(sam.delete(&path), sam.delete(&path));
    assert!([&one, &other].iter().all(|it| matches!(it.status, 204 | 404)), "{one:?} {other:?}");
    assert!([&one, &other].iter().any(|it| it.status == 204), "{one:?} {other:?}");
    assert_eq!(sam.saved_cards().await, [] as [String; 0]);
}

#[tokio::test]
async fn no_secret_of_a_session_is_stored_or_logged_and_the_customer_knows_no_address() {
    listen_to_logs();
    let stack = Breakable::start().await;
    let sam = stack.app.user_with_email("sam", "sam@example.com");
    let payment = sam.pay_with_saved_cards("k").await.body;
    let secret = text(&payment, "customer_session_client_secret");
    let everything = format!("{:?} {:?}", stack.app.table().await, logged());
    assert!(!everything.contains(secret) && !everything.contains("cuss_secret"));
    let customer = stack.app.listed("/v1/customers").await.remove(0);
    assert_eq!((&customer["email"], &customer["name"]), (&Value::Null, &Value::Null));
    let names: Vec<_> = customer["metadata"].as_object().expect("metadata").keys().collect();
    assert_eq!(names, ["customer_request", "deployment", "sender_id"]);
}
