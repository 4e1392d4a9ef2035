//! One idempotency key, used again and by requests at once.

use black_box::{App, order, ten_dollars, text};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_simultaneous_requests_with_one_key_make_one_payment_and_one_intent() {
    let app = App::start().await;
    let sam = app.user("sam");
    let answers = join_all((0..8).map(|_| sam.pay("k", ten_dollars()))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let same = |field: &str| answers.iter().map(|a| text(&a.body, field)).collect::<BTreeSet<_>>().len();
    assert_eq!((same("payment_id"), same("stripe_payment_intent_id"), same("client_secret")), (1, 1, 1));
    assert_eq!(app.intents().await.len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let app = App::start().await;
    let sam = app.user("sam");
    sam.created("k").await;
    assert_eq!(sam.pay("k", order("ana", 1_001)).await.problem(), (422, "idempotency_key_reused"));
    let mut other = ten_dollars();
    other["message"] = json!("hello");
    assert_eq!(sam.pay("k", other).await.problem(), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    let app = App::start().await;
    let (sam, kim) = (app.user("sam"), app.user("kim"));
    let (one, two) = (sam.created("k").await, kim.created("k").await);
    assert_ne!(one["payment_id"], two["payment_id"]);
    assert_ne!(one["stripe_payment_intent_id"], two["stripe_payment_intent_id"]);
}

#[tokio::test]
async fn a_replay_is_answered_after_the_creator_was_disabled() {
    let app = App::start().await;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    app.operator().set_receiving("ana", "disabled").await;
    assert_eq!(sam.created("k").await["payment_id"], payment["payment_id"]);
    assert_eq!(sam.pay("k2", ten_dollars()).await.problem(), (403, "creator_not_receiving"));
}

#[tokio::test]
async fn a_payment_needs_a_proper_key() {
    let app = App::start().await;
    let sam = app.user("sam");
    for key in ["", "has space", &"k".repeat(256)] {
        assert_eq!(sam.pay(key, ten_dollars()).await.problem(), (400, "invalid_request"), "{key}");
    }
    let without = sam.post("/v1/payments", ten_dollars()).await;
    assert_eq!(without.problem(), (400, "invalid_request"));
    assert_eq!(without.body["field"], "Idempotency-Key");
}
