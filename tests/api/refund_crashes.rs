//! A refund can crash at any hop, and any answer can be lost: the retry or reconciliation finishes it, once.

use black_box::{Breakable, Fault, Service, text};
use serde_json::{Value, json};

const QUARTER_HOUR_S: i64 = 900;
/// As long as an instruction is left to the process that decided it, and longer.
const LEFT_TO_DECIDER_S: i64 = 6;

async fn hops_of_a_refund(stack: &Breakable) -> Vec<Service> {
    let payment = stack.paid("somebody").await;
    stack.refund.made();
    let refund = stack.app.user("somebody").refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    is_refunded_once(stack, &payment).await;
    stack.refund.made()
}

async fn is_refunded_once(stack: &Breakable, payment: &Value) {
    let refunds = stack.app.refunds_at_stripe(payment).await;
    assert_eq!(refunds.len(), 1, "{refunds:?}");
    assert_eq!(refunds[0]["amount"], 400);
    assert_eq!(stack.app.transfers_at_stripe(payment).await, [(1_000, 400)]);
    let balances = stack.app.balances(payment).await;
    assert_eq!((balances["creator:ana"], balances["card"], balances.get("owed:ana")), (600, -661, None));
}

#[tokio::test]
async fn a_fault_at_any_hop_of_a_refund_is_overcome_by_its_retry_or_by_reconciliation() {
    let stack = Breakable::start().await;
    let hops = hops_of_a_refund(&stack).await.len();
    for hop in 1..=hops {
        for fault in Fault::ALL {
            let sender = format!("sam-{hop}-{fault:?}");
            let payment = stack.paid(&sender).await;
            let sam = stack.app.user(&sender);
            stack.refund.arm(hop, fault);
            let first = sam.refund(&payment, "r", json!({"amount": 400})).await;
            assert!(stack.refund.fired(), "{fault:?} at {hop}");
            // Once it is in the row it is accepted, whatever Stripe answers.
            let accepted = first.status == 202;
            assert!(accepted || first.status == fault.status(503), "{fault:?} at {hop}: {first:?}");
            stack.pass_seconds(LEFT_TO_DECIDER_S);
            let again = sam.refund(&payment, "r", json!({"amount": 400})).await;
            assert_eq!(again.status, 202, "{fault:?} at {hop}: {again:?}");
            assert_eq!(again.body["status"], "succeeded", "{fault:?} at {hop}");
            is_refunded_once(&stack, &payment).await;
        }
    }
}

#[tokio::test]
async fn a_refund_that_nobody_asks_for_again_is_finished_by_reconciliation() {
    let hops = hops_of_a_refund(&Breakable::start().await).await.len();
    let mut finished = 0;
    for hop in 1..=hops {
        // Another stack for each hop: a clock that is hours ahead of Stripe's puts what Stripe makes now into no window.
        let stack = Breakable::start().await;
        for fault in [Fault::CrashBefore, Fault::CrashAfter, Fault::Outage] {
            let sender = format!("sam-{hop}-{fault:?}");
            let payment = stack.paid(&sender).await;
            stack.refund.arm(hop, fault);
            stack.app.user(&sender).refund(&payment, "r", json!({"amount": 400})).await;
            assert!(stack.refund.fired());
            stack.pass_seconds(QUARTER_HOUR_S);
            assert_eq!(stack.app.reconciled().await["differences"], json!([]), "{fault:?} at {hop}");
            let listed = stack.app.user(&sender).refunds(&payment).await.body;
            if listed["items"] == json!([]) {
                assert_eq!(stack.app.refunds_at_stripe(&payment).await, [] as [Value; 0]);
                continue;
            }
            finished += 1;
            assert!(text(&listed["items"][0], "refund_id").starts_with("rfd_"));
            is_refunded_once(&stack, &payment).await;
        }
    }
    assert!(finished > hops, "most faults come after the request is stored: {finished}");
}

#[tokio::test]
async fn a_share_whose_reversal_was_decided_and_not_executed_is_reversed_by_the_next_reconciliation() {
    let stack = Breakable::start().await;
    let hops = hops_of_a_refund(&stack).await;
    let asks_stripe = |(_, hop): &(usize, &Service)| **hop == Service::Stripe;
    let (reversal, _) = hops.iter().enumerate().filter(asks_stripe).nth(1).expect("a refund and a reversal");
    let payment = stack.paid("sam").await;
    stack.refund.arm(reversal + 1, Fault::Outage);
    let refund = stack.app.user("sam").refund(&payment, "r", json!({"amount": 400})).await;
    assert!(stack.refund.fired());
    assert_eq!((refund.status, &refund.body["status"]), (202, &json!("succeeded")));
    assert_eq!(stack.app.operator().payment(&payment).await.body["owed"], 400);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    is_refunded_once(&stack, &payment).await;
}
