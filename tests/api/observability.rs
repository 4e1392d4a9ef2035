//! What operators can see of the functions from outside: ids of requests, faults of the set-up, webhooks that do not come.

use black_box::{Breakable, Fault, listen_to_logs, logged, ten_dollars, text};
use serde_json::{Value, json};

/// The lines that were logged after the first `before`.
fn lines_after(before: usize) -> Vec<Value> {
    logged().into_iter().skip(before).map(|logged| logged.line).collect()
}

/// How often a metric was counted in these lines, with what it adds up to.
fn counted(lines: &[Value], metric: &str) -> (usize, i64) {
    let values = lines.iter().filter(|line| line["metric"] == metric).map(|line| line["value"].as_i64());
    values.fold((0, 0), |(lines, sum), value| (lines + 1, sum + value.expect("a value")))
}

#[tokio::test]
async fn every_line_of_a_request_bears_the_gateways_id_and_lambdas_and_the_answer_bears_the_gateways() {
    listen_to_logs();
    let stack = Breakable::start_without_stream().await;
    let before = logged().len();
    let paid = stack.app.user("sam").pay("k", ten_dollars()).await;
    let lines = lines_after(before);
    assert!(!lines.is_empty());
    for line in &lines {
        assert_eq!(line["span"]["request_id"], paid.headers["x-request-id"], "{line}");
        assert_eq!(line["span"]["lambda_request_id"].as_str().expect("an id").len(), 32, "{line}");
        assert_eq!(line["span"]["payment_id"], text(&paid.body, "payment_id"), "{line}");
    }
    assert_eq!(paid.headers["x-request-id"], paid.headers["apigw-requestid"]);
    let refused = stack.app.user("sam").get("/v1/payments/none").await;
    assert_eq!((refused.status, refused.headers.contains_key("x-request-id")), (404, true));
}

#[tokio::test]
async fn the_lines_of_a_delivery_name_its_event_and_its_payment() {
    listen_to_logs();
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
    let events = stack.app.events().await;
    let event = events.iter().find(|event| event["type"] == "payment_intent.succeeded").expect("an event");
    let before = logged().len();
    assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
    let lines = lines_after(before);
    let answered = lines.iter().find(|line| line["message"] == "answered").expect("a line");
    assert_eq!(answered["span"]["event_id"], event["id"]);
    assert_eq!(answered["span"]["payment_id"], text(&payment, "payment_id"));
    assert_eq!(counted(&lines, "SettlementDelay").0, 1, "{lines:?}");
}

#[tokio::test]
async fn a_permission_that_a_function_lacks_is_a_fault_of_the_set_up_and_an_outage_is_none() {
    listen_to_logs();
    let stack = Breakable::start().await;
    let hops = [
        &stack.create,
        &stack.history,
        &stack.eligibility,
        &stack.onboarding,
        &stack.refund,
        &stack.reconcile,
    ];
    let payment = stack.app.user("sam").created("k").await;
    let path = format!("/v1/payments/{}", text(&payment, "payment_id"));
    let requests = async || {
        let (sam, operator) = (stack.app.user("sam"), stack.app.operator());
        [
            sam.pay("new", ten_dollars()).await,
            sam.get(&path).await,
            operator.get("/v1/admin/rollout").await,
            stack.app.user("cy").get("/v1/creators/cy/settings").await,
            sam.get(&format!("{path}/refunds")).await,
            operator.get("/v1/admin/drift").await,
        ]
    };
    for hops in hops {
        hops.arm(1, Fault::Outage);
    }
    let before = logged().len();
    for answer in requests().await {
        assert_eq!(answer.problem(), (503, "unavailable"), "{answer:?}");
    }
    assert_eq!(counted(&lines_after(before), "SetupFault"), (0, 0));
    for hops in hops {
        assert!(hops.fired());
        hops.deny_table();
    }
    let before = logged().len();
    for answer in requests().await {
        assert_eq!(answer.problem(), (503, "unavailable"), "{answer:?}");
        assert_eq!(answer.retry_after.as_deref(), Some("60"));
    }
    assert_eq!(counted(&lines_after(before), "SetupFault"), (6, 6));
}

#[tokio::test]
async fn an_outage_of_stripe_is_no_fault_of_the_set_up() {
    listen_to_logs();
    let stack = Breakable::start().await;
    stack.create.stripe_replies(500, &json!({"error": {"type": "api_error"}}));
    let before = logged().len();
    assert_eq!(stack.app.user("sam").pay("k", ten_dollars()).await.status, 503);
    assert_eq!(counted(&lines_after(before), "SetupFault"), (0, 0));
}

#[tokio::test]
async fn payments_that_reconciliation_alone_settles_are_counted_and_those_of_webhooks_are_not() {
    listen_to_logs();
    for delivered in [true, false] {
        let stack = Breakable::start().await;
        for sender in ["a", "b", "c", "d", "e"] {
            let payment = stack.app.user(sender).created("k").await;
            assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
        }
        if delivered {
            stack.app.deliver_all().await;
        }
        stack.pass_seconds(3_600);
        let before = logged().len();
        let run = stack.app.reconciled().await;
        let (_, mended) = counted(&lines_after(before), "ReconciliationMended");
        assert_eq!(run["counts"]["mended"], mended, "{run}");
        let of_one =
            |line: &Value| !line["span"]["event_id"].is_null() || !line["span"]["payment_id"].is_null();
        assert!(!lines_after(before).iter().any(of_one), "a run is about no single event");
        assert_eq!((mended == 0, mended >= 5), (delivered, !delivered), "{run}");
    }
}
