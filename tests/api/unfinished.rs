//! Payments without an intent: too old to be sent again, refused by Stripe, or sent with a wrong key.

use black_box::{Answer, Breakable, Fault, ten_dollars, text};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

/// Stripe may forget an idempotency key after 24 hours; we stop an hour earlier.
const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;
/// How long a function keeps a secret.
const SECRET_FRESH_S: i64 = 5 * 60;
/// The hop that asks Stripe: after the read and the row.
const STRIPE: usize = 3;

async fn pay(stack: &Breakable, sender: &str) -> Answer {
    stack.app.user(sender).pay("k", ten_dollars()).await
}

/// A payment whose creation ended at the hop to Stripe.
async fn crashed_at_stripe(stack: &Breakable, sender: &str, fault: Fault) {
    stack.create.arm(STRIPE, fault);
    assert_eq!(pay(stack, sender).await.status, 500);
    assert!(stack.create.fired());
    assert_eq!(row(stack, sender).await["status"]["S"], "created");
}

async fn row(stack: &Breakable, sender: &str) -> Value {
    stack.app.row_of(sender).await.expect("a row")
}

/// The payment is refused, now and on every retry, and closed.
async fn is_refused_for_good(stack: &Breakable, sender: &str, problem: (u16, &str), intents: usize) {
    for _ in 0..2 {
        assert_eq!(pay(stack, sender).await.problem(), problem);
        assert_eq!(row(stack, sender).await["status"]["S"], "canceled");
    }
    assert_eq!(stack.app.intents().await.len(), intents);
}

#[tokio::test]
async fn an_old_payment_whose_intent_was_made_unseen_is_found_and_attached() {
    let stack = Breakable::start().await;
    crashed_at_stripe(&stack, "sam", Fault::CrashAfter).await;
    stack.pass_seconds(STRIPE_KEY_LIFETIME_S);
    stack.create.made();
    let answer = pay(&stack, "sam").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.body["client_secret"].is_string());
    let intents = stack.app.intents().await;
    assert_eq!(intents.len(), 1);
    assert_eq!(answer.body["stripe_payment_intent_id"], intents[0]["id"]);
    assert_eq!(row(&stack, "sam").await["state"]["M"]["intent"]["S"], intents[0]["id"]);
    let mapping = stack.app.items(&format!("INTENT#{}", text(&intents[0], "id"))).await;
    assert_eq!(mapping[0]["payment_id"]["S"], answer.body["payment_id"]);
}

#[tokio::test]
async fn an_unfinished_payment_never_goes_to_an_account_that_its_creator_has_left() {
    let stack = Breakable::start().await;
    crashed_at_stripe(&stack, "sam", Fault::CrashAfter).await;
    let account = stack.app.ready_account("US").await;
    let changed = stack.app.operator().set_account("ana", "enabled", &account).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let answer = pay(&stack, "sam").await;
    assert_eq!(answer.problem(), (403, "creator_not_receiving"));
    assert_eq!(answer.reasons(), ["account_restricted"]);
    assert_eq!(row(&stack, "sam").await["status"]["S"], "canceled");
    let intents = stack.app.intents().await;
    assert_eq!((intents.len(), &intents[0]["status"]), (1, &json!("canceled")));
}

#[tokio::test]
async fn an_old_payment_without_an_intent_is_closed_and_never_sent_again() {
    let stack = Breakable::start().await;
    crashed_at_stripe(&stack, "sam", Fault::CrashBefore).await;
    stack.pass_seconds(STRIPE_KEY_LIFETIME_S);
    is_refused_for_good(&stack, "sam", (422, "payment_refused"), 0).await;
}

#[tokio::test]
async fn an_unseen_intent_of_a_creator_who_was_disabled_is_canceled_at_any_age() {
    for age_s in [60, STRIPE_KEY_LIFETIME_S] {
        let stack = Breakable::start().await;
        crashed_at_stripe(&stack, "sam", Fault::CrashAfter).await;
        stack.app.operator().set_receiving("ana", "disabled").await;
        stack.pass_seconds(age_s);
        for _ in 0..2 {
            assert_eq!(pay(&stack, "sam").await.problem(), (403, "creator_not_receiving"), "{age_s}");
        }
        assert_eq!(row(&stack, "sam").await["status"]["S"], "canceled");
        assert_eq!(stack.app.intents().await[0]["status"], "canceled");
    }
}

#[tokio::test]
async fn twins_that_meet_a_disabled_creator_never_close_what_one_of_them_gave_out() {
    let stack = Breakable::start().await;
    for round in 0..8 {
        let sender = format!("sam-{round}");
        crashed_at_stripe(&stack, &sender, Fault::CrashBefore).await;
        let twins = join_all((0..6).map(|_| pay(&stack, &sender)));
        let operator = stack.app.operator();
        let (answers, ()) = tokio::join!(twins, operator.set_receiving("ana", "disabled"));
        let given_out = answers.iter().any(|answer| answer.status == 201);
        let closed = row(&stack, &sender).await["status"]["S"] == "canceled";
        assert_ne!(given_out, closed, "{answers:?}");
        operator.set_receiving("ana", "enabled").await;
    }
}

#[tokio::test]
async fn a_payment_younger_than_stripes_memory_is_sent_again_under_its_key() {
    let stack = Breakable::start().await;
    crashed_at_stripe(&stack, "sam", Fault::CrashBefore).await;
    // A minute for the test itself.
    stack.pass_seconds(STRIPE_KEY_LIFETIME_S - 60);
    assert_eq!(pay(&stack, "sam").await.status, 201);
    assert_eq!(stack.app.intents().await.len(), 1);
}

/// Ana's account is deleted at Stripe, and her row says that it may receive.
async fn without_anas_account() -> Breakable {
    let stack = Breakable::start().await;
    let explained = stack.app.operator().explained("ana").await;
    let path = format!("/v1/accounts/{}", text(&explained, "stripe_account_id"));
    assert_eq!(stack.app.stripe(Method::DELETE, &path, &[]).await.status, 200);
    stack
}

#[tokio::test]
async fn what_stripe_refuses_is_refused_on_every_retry_and_closed() {
    let stack = without_anas_account().await;
    is_refused_for_good(&stack, "sam", (403, "creator_not_receiving"), 0).await;
    stack.create.made();
    pay(&stack, "sam").await;
    assert_eq!(stack.create.made().len(), 1, "a closed payment costs one read of the table");
}

#[tokio::test]
async fn a_refusal_by_stripe_holds_across_a_fault_at_any_hop() {
    let stack = without_anas_account().await;
    pay(&stack, "somebody").await;
    for hop in 1..=stack.create.made().len() {
        for fault in [Fault::CrashBefore, Fault::CrashAfter, Fault::Outage] {
            // The refusal is known of the account from then on, so each fault needs an account of its own.
            let stack = without_anas_account().await;
            stack.create.arm(hop, fault);
            let first = pay(&stack, "sam").await;
            assert!(stack.create.fired());
            assert_eq!(first.status, fault.status(403), "{fault:?} at {hop}: {first:?}");
            is_refused_for_good(&stack, "sam", (403, "creator_not_receiving"), 0).await;
        }
    }
}

#[tokio::test]
async fn a_wrong_api_key_closes_nothing_and_the_right_one_carries_on() {
    let stack = Breakable::start().await;
    stack.rotate_stripe_key("sk_wrong");
    for _ in 0..2 {
        let answer = pay(&stack, "sam").await;
        assert_eq!(answer.problem(), (503, "unavailable"));
        assert_eq!(row(&stack, "sam").await["status"]["S"], "created");
    }
    stack.rotate_stripe_key("sk_test_right");
    stack.pass_seconds(SECRET_FRESH_S);
    assert_eq!(pay(&stack, "sam").await.status, 201);
    assert_eq!(stack.app.intents().await.len(), 1);
}
