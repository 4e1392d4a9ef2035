//! Functions on a small stack: their large futures are on the heap.

use black_box::Breakable;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// In Lambda a function's futures run on the process's main thread (tokio's `current_thread`): 8 MiB, Linux's default for
/// it (`ulimit -s`). The local stack's threads have tokio's default of 2 MiB. Without optimisation a frame has several
/// times the size of a release's, and one for each future that is awaited by value: in this case they came to 1.57 MB. The AWS
/// SDK and the HTTP client alone take 300 KB.
const STACK_BYTES: usize = 640 * 1_024;
const REFUNDS: usize = 12;
const QUARTER_HOUR_S: i64 = 900;

#[test]
fn refunds_accepted_while_stripe_fails_and_their_reconciliation_need_no_large_stack() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(Box::pin(refunds_in_an_outage()));
    };
    let thread =
        std::thread::Builder::new().name("small stack".to_owned()).stack_size(STACK_BYTES).spawn(run);
    thread.expect("a thread").join().expect("the case holds");
}

async fn refunds_in_an_outage() {
    let stack = Breakable::start().await;
    let senders: Vec<String> = (0..REFUNDS).map(|number| format!("sam-{number}")).collect();
    let mut payments = Vec::new();
    for sender in &senders {
        let payment = stack.app.user(sender).created("k").await;
        assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
        payments.push(payment);
    }
    stack.app.deliver_all().await;
    stack.app.chaos(json!({"respond_500": 1_000_000})).await;
    let refund = async |(sender, payment): (&String, &Value)| {
        stack.app.user(sender).refund(payment, "r", json!({})).await
    };
    for refund in join_all(senders.iter().zip(&payments).map(refund)).await {
        assert_eq!((refund.status, &refund.body["status"]), (202, &json!("pending")), "{refund:?}");
    }
    stack.app.chaos(json!({})).await;
    stack.pass_seconds(QUARTER_HOUR_S);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    for (sender, payment) in senders.iter().zip(&payments) {
        let refunds = stack.app.user(sender).refunds(payment).await;
        assert_eq!(refunds.body["items"][0]["status"], "succeeded", "{refunds:?}");
    }
}
