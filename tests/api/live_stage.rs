//! A live stage takes payments once an operator's check of it has passed.

use black_box::Service::{DynamoDb, Stripe};
use black_box::{Breakable, listen_to_logs, logged, order};
use serde_json::json;

#[tokio::test]
async fn a_live_stage_that_never_passed_refuses_payments_and_stores_none() {
    listen_to_logs();
    let stack = Breakable::start_live().await;
    let before = stack.app.table().await;
    let refused = stack.app.user("sam").pay("k", order("ana", 1_000)).await;
    assert_eq!(refused.problem(), (503, "unavailable"));
    assert_eq!(refused.body["retry_after_s"], 60);
    assert_eq!(stack.create.made(), [DynamoDb]);
    assert_eq!(stack.app.table().await, before);
    assert!(logged().iter().any(|logged| logged.line["metric"] == "SetupFault"));
}

#[tokio::test]
async fn a_live_stage_that_passed_reads_that_once() {
    let stack = Breakable::start_live().await;
    // Of no mode, so that the stand-in is asked, which refuses it.
    stack.rotate_stripe_key("key_of_no_mode");
    let (partition, sort) = payments_store::STAGE_CHECK_KEY;
    let record = json!({"PK": {"S": partition}, "SK": {"S": sort}});
    stack.app.put(&record).await;
    let sam = stack.app.user("sam");
    sam.pay("k", order("ana", 1_000)).await;
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, DynamoDb, Stripe]);
    sam.pay("k2", order("ana", 1_000)).await;
    assert_eq!(stack.create.made(), [DynamoDb, DynamoDb, Stripe]);
}
