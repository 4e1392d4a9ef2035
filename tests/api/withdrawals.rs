//! A block, a disabled creator and a rolled-back wave cancel the open payments that they no longer allow, and no other.

use black_box::{App, Breakable, Fault, order, text};
use serde_json::{Value, json};

async fn created(app: &App, sender: &str, creator: &str) -> Value {
    let answer = app.user(sender).pay(&format!("to-{creator}"), order(creator, 1_000)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

async fn status(app: &App, sender: &str, payment: &Value) -> String {
    text(&app.user(sender).payment(payment).await.body, "status").to_owned()
}

async fn block(app: &App, creator: &str, sender: &str) {
    let path = format!("/v1/creators/{creator}/blocks/{sender}");
    assert_eq!(app.user(creator).put(&path, json!({})).await.status, 204);
}

#[tokio::test]
async fn a_block_cancels_the_senders_open_payment_to_that_creator_alone() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    app.operator().set_receiving("bo", "enabled").await;
    let blocked = created(app, "sam", "ana").await;
    let (to_another, of_another) = (created(app, "sam", "bo").await, created(app, "sue", "ana").await);
    let paid = created(app, "pat", "ana").await;
    assert_eq!(app.confirm(&paid, "pm_card_visa").await.status, 200);
    block(app, "ana", "sam").await;
    block(app, "ana", "pat").await;
    assert_eq!(status(app, "sam", &blocked).await, "requires_payment_method", "it is done asynchronously");
    app.reconciled().await;
    assert_eq!(status(app, "sam", &blocked).await, "canceled");
    assert_eq!(app.confirm(&blocked, "pm_card_visa").await.status, 400, "nobody can pay it");
    assert_eq!(status(app, "pat", &paid).await, "succeeded");
    for (sender, payment) in [("sam", &to_another), ("sue", &of_another)] {
        assert_eq!(status(app, sender, payment).await, "requires_payment_method");
    }
}

#[tokio::test]
async fn a_block_that_is_lifted_in_time_and_a_pause_cancel_nothing() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let open = created(app, "sam", "ana").await;
    block(app, "ana", "sam").await;
    assert_eq!(app.user("ana").delete("/v1/creators/ana/blocks/sam").await.status, 204);
    block(app, "ana", "sue").await;
    let paused = app.operator().put("/v1/admin/rollout", json!({"paused": true, "reason": "x"})).await;
    assert_eq!(paused.status, 200);
    app.reconciled().await;
    assert_eq!(status(app, "sam", &open).await, "requires_payment_method");
}

#[tokio::test]
async fn a_creator_who_is_disabled_or_denied_by_a_wave_loses_their_open_payments() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let op = app.operator();
    op.set_receiving("bo", "enabled").await;
    let (to_ana, to_bo) = (created(app, "sam", "ana").await, created(app, "sam", "bo").await);
    op.set_receiving("ana", "disabled").await;
    app.reconciled().await;
    assert_eq!(status(app, "sam", &to_ana).await, "canceled");
    assert_eq!(status(app, "sam", &to_bo).await, "requires_payment_method");
    // The review that the first change requested is over.
    stack.pass_seconds(61);
    app.reconciled().await;
    assert_eq!(op.put_wave("w", json!({"deny": ["bo"], "reason": "x"})).await.status, 200);
    app.reconciled().await;
    assert_eq!(status(app, "sam", &to_bo).await, "canceled");
}

#[tokio::test]
async fn a_rolled_back_wave_cancels_what_it_alone_admitted() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let op = app.operator();
    assert_eq!(op.put_wave("w", json!({"add": ["bo"], "reason": "x"})).await.status, 200);
    let by_wave = created(app, "sam", "bo").await;
    let by_operator = created(app, "sam", "ana").await;
    assert_eq!(op.roll_back("w").await.status, 200);
    app.reconciled().await;
    assert_eq!(status(app, "sam", &by_wave).await, "canceled");
    assert_eq!(status(app, "sam", &by_operator).await, "requires_payment_method");

    assert_eq!(op.put_wave("v", json!({"add": ["bo"], "reason": "x"})).await.status, 200);
    let still_admitted = app.user("sue").pay("k", order("bo", 1_000)).await.body;
    op.set_receiving("bo", "enabled").await;
    assert_eq!(op.roll_back("v").await.status, 200);
    app.reconciled().await;
    assert_eq!(status(app, "sue", &still_admitted).await, "requires_payment_method");
}

#[tokio::test]
async fn a_payment_that_was_in_flight_at_a_block_is_canceled_by_a_later_pass() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    // Stripe created the intent, and the function crashed before the answer arrived.
    stack.create.arm(3, Fault::CrashAfter);
    assert_eq!(app.user("sam").pay("k", order("ana", 1_000)).await.status, 500);
    assert!(stack.create.fired());
    block(app, "ana", "sam").await;
    app.reconciled().await;
    stack.pass_seconds(61);
    app.reconciled().await;
    assert_eq!(app.intents().await[0]["status"], "canceled");
    let drift = app.operator().get("/v1/admin/drift").await.body;
    assert_eq!(drift["cancel_open"]["canceled"], 1);
    let kept = app.items("RECONCILE").await;
    app.reconciled().await;
    let progress = |items: &[Value]| items.iter().find(|item| item["SK"]["S"] == "CANCEL_OPEN").cloned();
    assert_eq!(progress(&app.items("RECONCILE").await), progress(&kept), "a finished review is not repeated");
}
