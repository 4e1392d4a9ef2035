//! Sweeps many payments of a local stack, and prints the requests and the time of both passes: `sweep-load <payments>`. A
//! payment has three objects: its intent and two balance transactions.

use black_box::{Breakable, Service, eventually, ten_dollars};
use futures_util::{StreamExt, stream};
use reqwest::Method;
use std::time::Instant;

/// Payments that are made at once.
const AT_ONCE: usize = 8;
const QUARTER_OF_AN_HOUR_S: i64 = 900;
const DAY_S: i64 = 86_400;

#[tokio::main]
async fn main() {
    let payments = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(6_667);
    let stack = Breakable::start_with_deliveries().await;
    let began = Instant::now();
    stream::iter(0..payments).for_each_concurrent(AT_ONCE, |number| pay(&stack, number)).await;
    println!("{payments} payments in {:?}", began.elapsed());
    let delivered = async || {
        let left = stack.app.stripe(Method::GET, "/v1/events?delivery_success=false&limit=1", &[]).await;
        left.body["data"].as_array().is_some_and(Vec::is_empty).then_some(())
    };
    eventually("every event is delivered", delivered).await;
    for (pass, pause_s) in [("first pass", QUARTER_OF_AN_HOUR_S), ("late pass", DAY_S)] {
        stack.pass_seconds(pause_s);
        stack.reconcile.made();
        stack.reconcile.payment_reads();
        let began = Instant::now();
        stack.reconciled_on_schedule().await;
        let took = began.elapsed();
        let made = stack.reconcile.made();
        let to = |service| made.iter().filter(|hop| **hop == service).count();
        println!(
            "{pass}: {took:?}, {} requests to Stripe, {} to DynamoDB, {} reads of payments",
            to(Service::Stripe),
            to(Service::DynamoDb),
            stack.reconcile.payment_reads(),
        );
    }
    let drift = stack.app.operator().get("/v1/admin/drift").await.body;
    println!("{}", drift["last"]);
}

async fn pay(stack: &Breakable, number: u32) {
    let sender = format!("sender-{number}");
    // A busy machine answers some too late: as a sender's app does, it repeats the request.
    let created =
        async || Some(stack.app.user(&sender).pay("k", ten_dollars()).await).filter(|it| it.status == 201);
    let created = eventually("the payment is made", created).await;
    assert_eq!(stack.app.confirm(&created.body, "pm_card_visa").await.status, 200);
}
