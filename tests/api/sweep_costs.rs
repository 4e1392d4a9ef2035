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

/// A stack at the beginning of an hour: a run sums hours, so what it costs depends on how many it meets.
async fn started() -> Breakable {
    let stack = Breakable::start_without_stream().await;
    stack.pass_seconds(HOUR_S - stack.now().seconds() % HOUR_S);
    stack
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
    let idle = started().await;
    let idle = life(&idle).await;
    let told = started().await;
    let payments = paid(&told).await;
    told.app.deliver_all().await;
    let cost_of_told = life(&told).await;
    all_settled(&told, &payments).await;
    let lost = started().await;
    lost.app.chaos(json!({"lose": 1_000_000})).await;
    let payments = paid(&lost).await;
    let cost_of_lost = life(&lost).await;
    all_settled(&lost, &payments).await;
    println!("idle {idle:?}\ntold {cost_of_told:?}\nlost {cost_of_lost:?}");
    // Both passes, each over its intent and its balance transactions, and its ledger once.
    assert_eq!(cost_of_told.reads, 5 * PAYMENTS);
    // The events of the webhook that was lost, once.
    assert_eq!(cost_of_lost.reads, 6 * PAYMENTS);
    // The lists cost the same for ten payments as for none, and no payment is asked for by itself.
    assert_eq!([cost_of_told.stripe_requests, cost_of_lost.stripe_requests], [idle.stripe_requests; 2]);
    let own = |cost: Cost| cost.table_requests - idle.table_requests;
    // Its ledger and the write of its fee; then what its events change: batches are for all ten.
    assert!(own(cost_of_told) <= 3 * PAYMENTS, "{}", own(cost_of_told));
    assert!(own(cost_of_lost) <= 7 * PAYMENTS, "{}", own(cost_of_lost));
}

#[tokio::test]
async fn an_operators_run_compares_every_ledger_again_and_asks_nothing_else_twice() {
    let stack = Breakable::start_without_stream().await;
    let payments = paid(&stack).await;
    stack.app.deliver_all().await;
    stack.app.reconciled().await;
    all_settled(&stack, &payments).await;
    cost(&stack);
    stack.app.reconciled().await;
    let again = cost(&stack);
    assert_eq!(again.reads, 3 * PAYMENTS, "{again:?}");
    // Two pages of lists have a batch each; the rest is a run's own.
    assert!(again.table_requests <= PAYMENTS + 50, "{again:?}");
}

#[tokio::test]
async fn an_event_that_was_applied_is_not_applied_again() {
    let stack = Breakable::start_without_stream().await;
    stack.app.chaos(json!({"lose": 1_000_000})).await;
    let payments = paid(&stack).await;
    let first = stack.app.reconciled().await;
    assert!(first["counts"]["events"].as_u64() >= Some(3 * PAYMENTS as u64), "{first}");
    all_settled(&stack, &payments).await;
    let second = stack.app.reconciled().await;
    assert_eq!(second["counts"]["events"], 0, "{second}");
    // One that comes later is.
    let late = stack.app.user("late").created("k").await;
    assert_eq!(stack.app.confirm(&late, "pm_card_visa").await.status, 200);
    assert!(stack.app.reconciled().await["counts"]["events"].as_u64() >= Some(3));
}
