//! A sender has one Customer at Stripe, whatever fails while it is made, and however many payments come at once.

use black_box::Service::{DynamoDb, Stripe};
use black_box::{Breakable, Fault, text};
use futures_util::future::join_all;
use payments::STRIPE_KEY_LIFETIME_S;
use serde_json::{Value, json};

/// The hops of a first payment with saved cards: a read, the request, the Customer, its answer, the row, intent and session
/// side by side, and the intent's row.
const HOPS: usize = 8;
/// The hop that asks Stripe for the Customer.
const CUSTOMER: usize = 3;

async fn pay_through(stack: &Breakable, sender: &str, hop: usize, fault: Fault) {
    stack.create.arm(hop, fault);
    let answer = stack.app.user(sender).pay_with_saved_cards("k").await;
    assert!(stack.create.fired(), "hop {hop} of {sender}: {answer:?}");
}

/// A payment without faults has the sender's one Customer, which the item names, and one intent.
async fn pays(stack: &Breakable, sender: &str, key: &str) -> Value {
    let answer = stack.app.user(sender).pay_with_saved_cards(key).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

async fn has_one_customer(stack: &Breakable, sender: &str) -> String {
    let mut customers = stack.app.customers_of(sender).await;
    assert_eq!(customers.len(), 1, "of {sender}");
    let items = stack.app.items(&format!("SENDER#{sender}")).await;
    let of_customer: Vec<_> = items.iter().filter(|item| item["SK"]["S"] == "CUSTOMER").collect();
    assert_eq!(of_customer.len(), 1, "{items:?}");
    assert_eq!(of_customer[0]["stripe_customer_id"]["S"], customers[0].as_str());
    customers.remove(0)
}

#[tokio::test]
async fn a_fault_at_any_hop_of_a_first_payment_leaves_one_customer_and_one_intent() {
    let stack = Breakable::start().await;
    for hop in 1..=HOPS {
        for fault in Fault::ALL {
            let sender = format!("sam-{hop}-{fault:?}");
            let intents = stack.app.intents().await.len();
            pay_through(&stack, &sender, hop, fault).await;
            pays(&stack, &sender, "k").await;
            assert_eq!(stack.app.intents().await.len(), intents + 1, "{sender}");
            let next = pays(&stack, &sender, "next").await;
            assert_eq!(next["customer_id"], has_one_customer(&stack, &sender).await, "{sender}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_first_payments_of_one_sender_make_one_customer() {
    let stack = Breakable::start().await;
    for round in 0..4 {
        let sender = format!("sam-{round}");
        let sam = stack.app.user(&sender);
        let keys: Vec<String> = (0..6).map(|device| format!("device-{device}")).collect();
        let answers = join_all(keys.iter().map(|key| sam.pay_with_saved_cards(key))).await;
        let customer = has_one_customer(&stack, &sender).await;
        for answer in answers {
            assert_eq!((answer.status, &answer.body["customer_id"]), (201, &json!(customer)), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_request_older_than_its_key_is_looked_up_and_never_sent_again() {
    let stack = Breakable::start().await;
    // Stripe made the Customer, and the answer is lost.
    pay_through(&stack, "sam", CUSTOMER, Fault::CrashAfter).await;
    let made = stack.app.customers_of("sam").await;
    assert_eq!(made.len(), 1);
    // Stripe was never asked.
    pay_through(&stack, "kim", CUSTOMER, Fault::CrashBefore).await;
    stack.pass_seconds(STRIPE_KEY_LIFETIME_S);
    stack.create.made();
    pays(&stack, "sam", "next").await;
    assert_eq!(has_one_customer(&stack, "sam").await, made[0]);
    let after = [DynamoDb, Stripe, DynamoDb, DynamoDb, Stripe, Stripe, DynamoDb];
    assert_eq!(stack.create.made(), after, "the Customer is searched for, and none is made");
    pays(&stack, "kim", "next").await;
    has_one_customer(&stack, "kim").await;
}

/// A sender whose Customer is deleted at Stripe.
async fn customer_is_deleted(stack: &Breakable, sender: &str) {
    let customer = pays(stack, sender, "first").await["customer_id"].clone();
    let path = format!("/v1/customers/{}", customer.as_str().expect("a customer"));
    assert_eq!(stack.app.stripe(reqwest::Method::DELETE, &path, &[]).await.status, 200);
}

fn no_customers(stack: &Breakable, status: u16) {
    let error = json!({"error": {"type": "invalid_request_error", "code": "parameter_unknown"}});
    stack.create.stripe_replies_at("/v1/customers", status, &error);
}

#[tokio::test]
async fn a_payment_whose_customer_is_gone_goes_on_without_one_where_stripe_makes_no_other() {
    let stack = Breakable::start().await;
    for status in [403, 500] {
        let sender = format!("sam-{status}");
        customer_is_deleted(&stack, &sender).await;
        let intents = stack.app.intents().await.len();
        no_customers(&stack, status);
        let made = stack.app.user(&sender).pay_with_saved_cards("k").await;
        stack.create.stripe_is_back();
        assert_eq!((made.status, &made.body["customer_id"]), (201, &Value::Null), "{made:?}");
        assert_eq!(made.body["customer_session_client_secret"], Value::Null);
        let again = pays(&stack, &sender, "k").await;
        for field in ["stripe_payment_intent_id", "client_secret", "customer_id"] {
            assert_eq!(again[field], made.body[field], "{field}");
        }
        let intent = stack.app.intents().await.remove(0);
        assert_eq!((&intent["id"], &intent["customer"]), (&again["stripe_payment_intent_id"], &Value::Null));
        assert_eq!(stack.app.intents().await.len(), intents + 1);
        assert_eq!(stack.app.confirm(&again, "pm_card_visa").await.status, 200);
        let next = pays(&stack, &sender, "next").await;
        assert_eq!(text(&next, "customer_id"), has_one_customer(&stack, &sender).await);
    }
}

#[tokio::test]
async fn a_crash_at_any_hop_without_another_customer_leaves_one_intent() {
    let stack = Breakable::start().await;
    // A read, the row, intent and session, the Customer's item, its request, the Customer with its attempts, its answer, the row,
    // the intent, its row.
    for hop in 1..=9 {
        for fault in Fault::CRASHES {
            let sender = format!("sam-{hop}-{fault:?}");
            customer_is_deleted(&stack, &sender).await;
            let intents = stack.app.intents().await.len();
            no_customers(&stack, 403);
            pay_through(&stack, &sender, hop, fault).await;
            let made = pays(&stack, &sender, "k").await;
            stack.create.stripe_is_back();
            let again = pays(&stack, &sender, "k").await;
            assert_eq!(again["stripe_payment_intent_id"], made["stripe_payment_intent_id"], "{sender}");
            assert_eq!(stack.app.intents().await.len(), intents + 1, "{sender}");
            assert_eq!(made["customer_id"], Value::Null, "{sender}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_payments_after_a_deletion_make_one_new_customer() {
    let stack = Breakable::start().await;
    pays(&stack, "sam", "k").await;
    let gone = has_one_customer(&stack, "sam").await;
    let path = format!("/v1/customers/{gone}");
    assert_eq!(stack.app.stripe(reqwest::Method::DELETE, &path, &[]).await.status, 200);
    let sam = stack.app.user("sam");
    let answers = join_all(["a", "b", "c", "d"].map(|key| sam.pay_with_saved_cards(key))).await;
    let customer = has_one_customer(&stack, "sam").await;
    for answer in answers {
        assert_eq!((answer.status, &answer.body["customer_id"]), (201, &json!(customer)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_fault_at_any_hop_after_a_deletion_leaves_one_new_customer_and_one_intent() {
    let stack = Breakable::start().await;
    // A read, the row, intent and session, the Customer's item, its request, the Customer, its answer, the row, the intent, its
    // row, and a session.
    for hop in 1..=12 {
        for fault in Fault::CRASHES {
            let sender = format!("sam-{hop}-{fault:?}");
            let customer = pays(&stack, &sender, "first").await["customer_id"].clone();
            let path = format!("/v1/customers/{}", customer.as_str().expect("a customer"));
            assert_eq!(stack.app.stripe(reqwest::Method::DELETE, &path, &[]).await.status, 200);
            let intents = stack.app.intents().await.len();
            pay_through(&stack, &sender, hop, fault).await;
            let payment = pays(&stack, &sender, "k").await;
            assert_eq!(stack.app.intents().await.len(), intents + 1, "{sender}");
            assert_eq!(payment["customer_id"], has_one_customer(&stack, &sender).await, "{sender}");
        }
    }
}
