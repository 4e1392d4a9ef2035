//! How often each path asks DynamoDB and Stripe: each hop is latency that a caller waits for, and money.

use black_box::Service::{DynamoDb, Stripe};
use black_box::{Breakable, Hops, Service, ten_dollars};

/// Requests to DynamoDB and to Stripe since the last look.
fn requests(hops: &Hops) -> (usize, usize) {
    let made = hops.made();
    let to = |service: Service| made.iter().filter(|hop| **hop == service).count();
    (to(DynamoDb), to(Stripe))
}

#[tokio::test]
async fn a_payment_costs_three_requests_of_dynamodb_and_one_of_stripe_and_a_replay_one_of_each() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    sam.created("k").await;
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe, DynamoDb]);
    sam.created("k").await;
    assert_eq!(requests(&stack.create), (1, 1));
}

#[tokio::test]
async fn a_refusal_and_a_quote_cost_one_request_of_dynamodb() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let mut order = ten_dollars();
    assert_eq!(sam.post("/v1/quotes", order.clone()).await.status, 200);
    assert_eq!(requests(&stack.create), (1, 0));
    order["creator_id"] = "bo".into();
    assert_eq!(sam.pay("k", order).await.problem(), (403, "creator_not_receiving"));
    assert_eq!(requests(&stack.create), (1, 0));
}

#[tokio::test]
async fn the_replay_of_a_paid_payment_asks_stripe_nothing() {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let payment = sam.created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    stack.app.deliver_events_of(&payment).await;
    stack.create.made();
    assert_eq!(sam.created("k").await["status"], "succeeded");
    assert_eq!(requests(&stack.create), (1, 0));
}

#[tokio::test]
async fn an_event_of_an_intent_costs_two_requests_of_dynamodb_and_its_duplicate_one() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    let events = stack.app.events_of(&payment).await;
    let paid = events.iter().find(|event| event["type"] == "payment_intent.succeeded").expect("paid");
    assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), [DynamoDb, DynamoDb]);
    assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), [DynamoDb]);
}

#[tokio::test]
async fn what_is_forged_or_not_ours_costs_nothing() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    let mut event = stack.app.events_of(&payment).await.remove(0);
    let forged = stack.app.deliver_signed(event.to_string().into_bytes(), "t=1,v1=00").await;
    assert_eq!(forged.problem(), (400, "invalid_signature"));
    event["data"]["object"]["metadata"] = serde_json::json!({});
    assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
    assert_eq!(stack.webhook.made(), []);
}

#[tokio::test]
async fn the_terms_of_a_profile_cost_one_request_of_dynamodb() {
    let stack = Breakable::start().await;
    assert_eq!(stack.app.user("sam").get("/v1/creators/ana").await.status, 200);
    assert_eq!(stack.history.made(), [DynamoDb]);
}
