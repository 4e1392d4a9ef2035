//! Each transfer instruction is sent to Stripe once, although many events and sweeps see it at the same time.

use black_box::{Breakable, Hops, eventually, text};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Of each kind: refunded here, refunded at Stripe, and disputed.
const OF_EACH: usize = 8;

/// The requests to Stripe since the last call, as method and path, with the idempotency key.
fn asked(stack: &Breakable) -> Vec<(Method, String, String)> {
    let requests = stack.all_hops().into_iter().flat_map(Hops::asked_of_stripe);
    let key = |request: &http::Request<_>| match request.headers().get("idempotency-key") {
        Some(key) => key.to_str().expect("a text").to_owned(),
        None => String::new(),
    };
    requests
        .map(|request| (request.method().clone(), request.uri().path().to_owned(), key(&request)))
        .collect()
}

async fn refunded_here(stack: &Breakable, sender: String) -> Value {
    let payment = stack.app.paid(&sender, "k", "pm_card_visa").await;
    let refund = stack.app.user(&sender).refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    payment
}

async fn refunded_at_stripe(stack: &Breakable, sender: String) -> Value {
    let payment = stack.app.paid(&sender, "k", "pm_card_visa").await;
    let intents = stack.app.intents().await;
    let is_theirs = |intent: &&Value| intent["metadata"]["payment_id"] == payment["payment_id"];
    let intent = intents.iter().find(is_theirs).expect("an intent");
    let form = [("payment_intent", text(intent, "id")), ("amount", "300")];
    assert_eq!(stack.app.stripe(Method::POST, "/v1/refunds", &form).await.status, 200);
    payment
}

async fn disputed(stack: &Breakable, sender: String) -> Value {
    stack.app.paid(&sender, "k", "pm_card_createDispute").await
}

/// Whether the creator's share is back, to the cent.
async fn is_settled(stack: &Breakable, payment: &Value) -> bool {
    let now = stack.app.operator().payment(payment).await.body;
    let transfers = stack.app.transfers_at_stripe(payment).await;
    now["owed"] == 0 && transfers.iter().map(|(_, reversed)| reversed).sum::<i64>() > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_faults_each_instruction_is_sent_once_and_no_known_reversal_is_looked_up() {
    let stack = Breakable::start_with_deliveries().await;
    let sweeps = async {
        for _ in 0..4 {
            stack.app.reconciled().await;
        }
    };
    let sender = |kind: &str, n: usize| format!("{kind}-{n}");
    let all = async {
        let (here, at_stripe, disputes) = tokio::join!(
            join_all((0..OF_EACH).map(|n| refunded_here(&stack, sender("here", n)))),
            join_all((0..OF_EACH).map(|n| refunded_at_stripe(&stack, sender("stripe", n)))),
            join_all((0..OF_EACH).map(|n| disputed(&stack, sender("disputed", n)))),
        );
        here.into_iter().chain(at_stripe).chain(disputes).collect::<Vec<_>>()
    };
    let (payments, ()) = tokio::join!(all, sweeps);
    for payment in &payments {
        eventually("the share is back", async || is_settled(&stack, payment).await.then_some(())).await;
    }
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));

    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for (method, path, key) in asked(&stack) {
        if method == Method::POST && (path == "/v1/transfers" || path.ends_with("/reversals")) {
            *sent.entry(key).or_default() += 1;
        }
    }
    let (requests, instructions) = (sent.values().sum::<usize>(), sent.len());
    assert!(instructions >= 3 * OF_EACH, "{instructions}");
    assert!(
        requests * 100 <= instructions * 105,
        "{requests} requests for {instructions} instructions: {sent:?}"
    );

    // Every reversal is known, so nothing is left to look up.
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    let retrieved = asked(&stack).into_iter().filter(|(_, path, _)| path.starts_with("/v1/transfers/"));
    assert_eq!(retrieved.count(), 0);
}

#[tokio::test]
async fn an_instruction_whose_decider_ends_is_sent_by_the_next_sweep() {
    let stack = Breakable::start().await;
    let payment = stack.paid("sam").await;
    let hops = {
        let other = stack.paid("kim").await;
        stack.refund.made();
        stack.app.user("kim").refund(&other, "r", json!({"amount": 400})).await;
        stack.refund.made()
    };
    let reversal = hops.iter().rposition(|hop| *hop == black_box::Service::Stripe).expect("a reversal");
    stack.refund.arm(reversal + 1, black_box::Fault::CrashBefore);
    let refund = stack.app.user("sam").refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!(refund.status, 500);
    assert!(stack.refund.fired());
    asked(&stack);
    // An event that comes at once leaves it to its decider, which may still be at work.
    stack.app.deliver_all().await;
    assert_eq!(stack.app.transfers_at_stripe(&payment).await, [(1_000, 0)]);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    assert_eq!(stack.app.transfers_at_stripe(&payment).await, [(1_000, 400)]);
}
