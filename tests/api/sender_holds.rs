//! Operators see why a sender is held, hold a sender by hand, and lift a hold for good.

use black_box::{Answer, App, Breakable, now_s, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

const SAM: &str = "/v1/admin/senders/sam";
const DAY_S: i64 = 86_400;

async fn is_held(app: &App) -> bool {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let key = format!("another-{}", TRIES.fetch_add(1, Ordering::Relaxed));
    let answer = app.user("sam").pay(&key, ten_dollars()).await;
    match answer.status {
        201 => false,
        403 => {
            assert_eq!(answer.reasons(), ["sender_held"]);
            true
        }
        _ => panic!("{answer:?}"),
    }
}

/// An event about a dispute of the payment that withdraws `amounts`; a negative amount is reinstated.
pub(crate) fn dispute_event(payment: &Value, dispute: &str, status: &str, amounts: &[i64]) -> String {
    static EVENTS: AtomicU32 = AtomicU32::new(0);
    let number = EVENTS.fetch_add(1, Ordering::Relaxed);
    let transaction = |(place, amount): (usize, &i64)| {
        json!({
            "id": format!("txn_{dispute}_{place}"), "object": "balance_transaction", "amount": -amount, "fee": 0,
            "currency": "usd", "created": now_s(), "type": "adjustment",
        })
    };
    let transactions: Vec<Value> = amounts.iter().enumerate().map(transaction).collect();
    let event = json!({
        "id": format!("evt_hold{number}"), "object": "event", "type": "charge.dispute.updated",
        "created": now_s(), "livemode": false, "api_version": "2026-01-28.clover",
        "data": {"object": {
            "id": dispute, "object": "dispute", "amount": 500, "currency": "usd", "status": status,
            "charge": "ch_1", "payment_intent": payment["stripe_payment_intent_id"], "created": now_s(),
            "livemode": false, "metadata": {}, "reason": "fraudulent", "balance_transactions": transactions,
        }},
    });
    event.to_string()
}

async fn disputed(app: &App, payment: &Value, dispute: &str, status: &str) -> String {
    let event = dispute_event(payment, dispute, status, &[500]);
    assert_eq!(app.deliver(event.clone()).await.status, 200);
    event
}

async fn lift(app: &App, disputes: &[&str]) -> Answer {
    app.operator().put(SAM, json!({"lift": disputes, "reason": "The card was stolen and is replaced"})).await
}

#[tokio::test]
async fn an_operator_sees_which_dispute_holds_a_sender_and_lifts_it() {
    let stack = Breakable::start().await;
    let (app, op) = (&stack.app, stack.app.operator());
    let free = op.get(SAM).await;
    let nothing = json!({"sender_id": "sam", "held": false, "held_by_operator": false, "disputes": []});
    assert_eq!((free.status, &free.body), (200, &nothing));
    let payment = stack.paid("sam").await;
    disputed(app, &payment, "dp_1", "needs_response").await;
    assert!(is_held(app).await);
    let mut shown = json!({
        "dispute_id": "dp_1", "payment_id": payment["payment_id"], "holds": true, "lifted": false,
    });
    assert_eq!(op.get(SAM).await.body["disputes"], json!([shown]));

    let lifted = lift(app, &["dp_1"]).await;
    shown["holds"] = json!(false);
    shown["lifted"] = json!(true);
    let expected = json!({"sender_id": "sam", "held": false, "held_by_operator": false, "disputes": [shown]});
    assert_eq!((lifted.status, &lifted.body), (200, &expected));
    assert!(!is_held(app).await);
    assert_eq!(lift(app, &["dp_1"]).await.body, expected, "repeating it changes nothing");
    let audit = op.get(&format!("{SAM}/audit")).await.body;
    let changes = json!([{"field": "lift", "from": null, "to": "dp_1"}]);
    assert_eq!((&audit["items"][0]["changes"], &audit["items"][0]["by"]), (&changes, &json!("op")));
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_lift_survives_every_repeated_event_and_reconciliation_and_a_new_dispute_holds_again() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    let first = disputed(app, &payment, "dp_1", "needs_response").await;
    assert_eq!(lift(app, &["dp_1"]).await.status, 200);
    let back = dispute_event(&payment, "dp_1", "under_review", &[500, -500]);
    let gone_again = dispute_event(&payment, "dp_1", "lost", &[500, -500, 500]);
    for event in [&first, &back, &first, &gone_again, &back] {
        assert_eq!(app.deliver(event.clone()).await.status, 200);
        assert!(!is_held(app).await, "{event}");
    }
    app.reconciled().await;
    assert!(!is_held(app).await);
    disputed(app, &payment, "dp_2", "needs_response").await;
    assert!(is_held(app).await);
}

#[tokio::test]
async fn a_lost_dispute_holds_until_the_parameters_days_are_over() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    disputed(app, &payment, "dp_1", "needs_response").await;
    assert_eq!(app.operator().get(SAM).await.body.get("until"), None);
    disputed(app, &payment, "dp_1", "lost").await;
    let shown = app.operator().get(SAM).await.body;
    assert_eq!((&shown["held"], &shown["until"]), (&json!(true), &shown["disputes"][0]["until"]));
    assert!(text(&shown, "until") > text(&shown["disputes"][0], "lost_at"), "{shown}");
    stack.pass_seconds(179 * DAY_S);
    assert!(is_held(app).await);
    stack.pass_seconds(DAY_S + 60);
    assert!(!is_held(app).await);
    let shown = app.operator().get(SAM).await.body;
    assert_eq!((&shown["held"], &shown["disputes"][0]["holds"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn an_operator_holds_a_sender_by_hand_and_lets_go() {
    let app = App::start().await;
    let op = app.operator();
    let held = op.put(SAM, json!({"hold": true, "reason": "Sends with many cards"})).await;
    assert_eq!(
        (held.status, &held.body["held"], &held.body["held_by_operator"]),
        (200, &json!(true), &json!(true))
    );
    assert!(is_held(&app).await);
    let let_go = op.put(SAM, json!({"hold": false, "reason": "They are the sender's own"})).await;
    assert_eq!((let_go.status, &let_go.body["held"]), (200, &json!(false)));
    assert!(!is_held(&app).await);
    let audit = op.get(&format!("{SAM}/audit")).await.body;
    let change = |from: &str, to: &str| json!([{"field": "hold", "from": from, "to": to}]);
    assert_eq!(audit["items"][0]["changes"], change("true", "false"));
    assert_eq!(audit["items"][1]["changes"], change("false", "true"));
}

#[tokio::test]
async fn what_is_no_dispute_of_the_sender_cannot_be_lifted() {
    let app = App::start().await;
    assert_eq!(lift(&app, &["dp_unknown"]).await.problem(), (422, "dispute_not_holding"));
    assert_eq!(lift(&app, &["ch_1"]).await.problem(), (400, "invalid_request"));
    let many: Vec<String> = (0..101).map(|n| format!("dp_{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(lift(&app, &many).await.problem(), (400, "invalid_request"));
    assert_eq!(app.operator().put(SAM, json!({"hold": true})).await.problem(), (400, "invalid_request"));
    assert_eq!(app.user("sam").get(SAM).await.status, 403);
    let stale = app.operator().request(Method::PUT, SAM).header("if-match", "\"7\"");
    let stale = Answer::to(stale.json(&json!({"hold": true, "reason": "x"}))).await;
    assert_eq!(stale.problem(), (412, "precondition_failed"));
    assert!(!is_held(&app).await);
}

#[tokio::test]
async fn of_two_operators_at_once_both_lifts_stand() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    for dispute in ["dp_1", "dp_2"] {
        disputed(app, &payment, dispute, "needs_response").await;
    }
    let (first, second) = tokio::join!(lift(app, &["dp_1"]), lift(app, &["dp_2"]));
    assert_eq!((first.status, second.status), (200, 200), "{first:?} {second:?}");
    assert!(!is_held(app).await);
}
