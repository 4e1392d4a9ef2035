//! The sums of the statement are made again and again, and resumed wherever a run stops: each transaction counts once.

use crate::statement::{STATEMENT, transaction};
use black_box::{Answer, App, Breakable, Fault, Service};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

const HOUR_S: i64 = 3_600;

/// Adds as many fees of a cent in one hour, which has begun so many hours ago.
async fn fees(stack: &Breakable, hours_ago: i64, count: usize) {
    let created = (stack.now().seconds() - hours_ago * HOUR_S).to_string();
    for _ in 0..count {
        transaction(&stack.app, &[("type", "stripe_fee"), ("amount", "-1"), ("created", &created)]).await;
    }
}

/// The count and the net of the fees, and what is not booked of all movements.
async fn summed(app: &App) -> [Value; 3] {
    let dollars = app.operator().get(STATEMENT).await.body["currencies"][0].clone();
    let movements = dollars["movements"].as_array().expect("movements");
    let fees = movements.iter().find(|it| it["class"] == "stripe_fee").expect("fees");
    [fees["count"].clone(), fees["net"].clone(), dollars["difference"].clone()]
}

/// The hops of a reconciliation to Stripe, and each one before and after them.
fn around_stripe(made: &[Service]) -> Vec<usize> {
    let is_of_stripe = |hop: usize| hop.checked_sub(1).and_then(|at| made.get(at)) == Some(&Service::Stripe);
    (1..=made.len()).filter(|hop| (hop - 1..=hop + 1).any(is_of_stripe)).collect()
}

#[tokio::test]
async fn a_run_that_crashes_between_two_pages_of_an_hour_counts_each_transaction_once_when_it_goes_on() {
    let stack = Breakable::start_as(Options { top_up: 0, ..Options::default() }).await;
    // Two pages, of which the second begins within an hour.
    fees(&stack, 2, 60).await;
    fees(&stack, 1, 60).await;
    stack.app.reconciled().await;
    stack.reconcile.made();
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    let hops = around_stripe(&stack.reconcile.made());
    assert!(hops.len() > 12, "two pages, other lists, and the balance: {hops:?}");
    let mut count = 120;
    for hop in hops {
        for fault in Fault::CRASHES {
            // Each run has another sum to write.
            fees(&stack, 0, 1).await;
            count += 1;
            stack.reconcile.arm(hop, fault);
            let crashed = stack.app.operator().reconcile().await;
            assert!(stack.reconcile.fired(), "{fault:?} at {hop}: {crashed:?}");
            assert_eq!(stack.app.reconciled().await["differences"], json!([]), "{fault:?} at {hop}");
            // The run that went on had begun before, or ended: another one sees what came since.
            let run = stack.app.reconciled().await;
            assert_eq!(run["differences"], json!([]), "{fault:?} at {hop}");
            assert_eq!(
                summed(&stack.app).await,
                [json!(count), json!(-count), json!(0)],
                "{fault:?} at {hop}"
            );
            let balance = json!([{"currency": "usd", "ours": -count, "stripe": -count}]);
            assert_eq!(run["balance"]["balances"], balance, "{fault:?} at {hop}");
        }
    }
}

#[tokio::test]
async fn two_runs_at_once_sum_what_one_does() {
    let stack = Breakable::start_as(Options { top_up: 0, ..Options::default() }).await;
    let (app, op) = (&stack.app, stack.app.operator());
    for round in 1..=8 {
        fees(&stack, 0, 3).await;
        let slice = async || Answer::to(op.request(Method::POST, "/v1/admin/reconciliations")).await;
        let (one, other) = tokio::join!(slice(), slice());
        for answer in [one, other] {
            assert!([200, 409].contains(&answer.status), "{answer:?}");
        }
        assert_eq!(app.reconciled().await["differences"], json!([]));
        assert_eq!(summed(app).await, [json!(3 * round), json!(-3 * round), json!(0)]);
    }
}

#[tokio::test]
async fn an_hour_that_was_not_booked_as_stripe_shows_it_is_summed_again_however_old() {
    let stack = Breakable::start_as(Options { top_up: 0, ..Options::default() }).await;
    fees(&stack, 0, 1).await;
    let app = &stack.app;
    app.reconciled().await;
    let is_entry = |item: &Value| item["type"]["S"] == "platform_entry";
    let mut entry = app.table().await.into_iter().find(is_entry).expect("an entry");
    let whole = entry.clone();
    entry["entry"]["M"]["postings"]["L"][0]["M"]["amount"] = json!({"N": "0"});
    app.put(&entry).await;
    let kinds = async || {
        let run = app.reconciled().await;
        let found = run["differences"].as_array().expect("a list").iter();
        found.map(|it| it["kind"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["amounts_differ", "balance_differs"]);
    stack.pass_seconds(9 * 86_400);
    assert_eq!(kinds().await, ["amounts_differ", "balance_differs"]);
    // The next run's own window begins nine days later.
    app.put(&whole).await;
    assert_eq!(kinds().await, [""; 0]);
    assert_eq!(summed(app).await, [json!(1), json!(-1), json!(0)]);
    stack.pass_seconds(86_400);
    assert_eq!(kinds().await, [""; 0]);
}
