//! How often the sweep reads a payment over its life, and how much it asks of Stripe.

use black_box::{Breakable, Service};
use serde_json::{Value, json};

/// Payments of each kind.
const PAYMENTS: usize = 10;
/// The pause between two scheduled runs.
const SCHEDULE_S: i64 = 300;
const HOUR_S: i64 = 3_600;

/// What the sweep did for all payments together.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// Items of payments and intents that were read.
    reads: usize,
    table_requests: usize,
    stripe_requests: usize,
}

async fn paid(stack: &Breakable) -> Vec<Value> {
    let mut payments = Vec::new();
    for n in 0..PAYMENTS {
        let payment = stack.app.user(&format!("sender-{n}")).created("k").await;
        assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
        payments.push(payment);
    }
    payments
}

fn cost(stack: &Breakable) -> Cost {
    let made = stack.reconcile.made();
    let to = |service| made.iter().filter(|hop| **hop == service).count();
    Cost {
        reads: stack.reconcile.payment_reads(),
        table_requests: to(Service::DynamoDb),
        stripe_requests: to(Service::Stripe),
    }
}

/// The scheduled runs of a payment's first hour and a half, and those around the time when it is a day old.
async fn life(stack: &Breakable) -> Cost {
    cost(stack);
    let runs = HOUR_S * 3 / 2 / SCHEDULE_S;
    for run in 0..2 * runs {
        if run == runs {
            stack.pass_seconds(22 * HOUR_S);
        }
        stack.reconciled_on_schedule().await;
        stack.pass_seconds(SCHEDULE_S);
    }
    cost(stack)
}

async fn all_settled(stack: &Breakable, payments: &[Value]) {
    for payment in payments {
        let shown = stack.app.operator().payment(payment).await.body;
        assert_eq!((&shown["status"], &shown["fee"]["actual"]), (&json!("succeeded"), &json!(61)), "{shown}");
    }
}

#[tokio::test]
async fn a_payment_is_read_a_few_times_over_its_life_whether_webhooks_told_it_or_were_lost() {
    let idle = Breakable::start_without_stream().await;
    let idle = life(&idle).await;
    let told = Breakable::start_without_stream().await;
    let payments = paid(&told).await;
    told.app.deliver_all().await;
    let cost_of_told = life(&told).await;
    all_settled(&told, &payments).await;
    let lost = Breakable::start_without_stream().await;
    lost.app.chaos(json!({"lose": 1_000_000})).await;
    let payments = paid(&lost).await;
    let cost_of_lost = life(&lost).await;
    all_settled(&lost, &payments).await;
    cost(&told);
    told.app.reconciled().await;
    let again = cost(&told);
    println!("idle {idle:?}\ntold {cost_of_told:?}\nlost {cost_of_lost:?}\nagain {again:?}");
}
