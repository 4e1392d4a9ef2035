//! The kill switch: every creation after its acknowledgement is refused, and open payments are canceled on request.

use black_box::{App, Breakable, Fault, ten_dollars, text};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const STOP: &str = "/v1/admin/rollout";
/// The hop of a creation that asks Stripe: after the read and the row.
const STRIPE: usize = 3;

/// Creates payments until four were sent after the acknowledgement. Each answer begins with whether its request was.
async fn create_until_refused(
    app: &App,
    worker: usize,
    acknowledged: &AtomicBool,
    begun: &AtomicUsize,
) -> Vec<(bool, u16, Vec<String>)> {
    let sender = app.user(&format!("sam-{worker}"));
    let mut answers = Vec::new();
    loop {
        let after = acknowledged.load(Ordering::SeqCst);
        let answer = sender.pay(&format!("k-{}", answers.len()), ten_dollars()).await;
        begun.fetch_add(1, Ordering::SeqCst);
        answers.push((after, answer.status, answer.reasons().into_iter().map(str::to_owned).collect()));
        if answers.iter().filter(|(after, ..)| *after).count() == 4 {
            return answers;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_create_sent_after_the_acknowledgement_is_refused_whatever_is_in_flight() {
    let app = App::start().await;
    let (acknowledged, begun) = (AtomicBool::new(false), AtomicUsize::new(0));
    let workers = join_all((0..12).map(|worker| create_until_refused(&app, worker, &acknowledged, &begun)));
    let stop = async {
        black_box::eventually("creates are under way", async || {
            (begun.load(Ordering::SeqCst) >= 24).then_some(())
        })
        .await;
        let paused = app.operator().put(STOP, json!({"paused": true, "reason": "incident"})).await;
        acknowledged.store(true, Ordering::SeqCst);
        assert_eq!((paused.status, &paused.body["paused"]), (200, &json!(true)));
    };
    let (answers, ()) = tokio::join!(workers, stop);
    let answers: Vec<_> = answers.into_iter().flatten().collect();
    let created = answers.iter().filter(|(_, status, _)| *status == 201).count();
    for (after, status, reasons) in &answers {
        match (after, status) {
            (_, 403) => assert_eq!(reasons, &["paused"]),
            (false, 201) => {}
            other => panic!("{other:?} {reasons:?}"),
        }
    }
    assert_eq!(answers.iter().filter(|(after, ..)| *after).count(), 12 * 4);
    assert!(created >= 20, "{created}");
    // Every request is answered, so nothing is in flight: there is one intent for each 201, and no more.
    let rows = app.table().await;
    let rows = rows.iter().filter(|row| row["SK"]["S"] == "STATE");
    let with_intent = rows.filter(|row| row["state"]["M"]["intent"]["S"].is_string()).count();
    assert_eq!(with_intent, created);
}

/// Pauses receiving, and requests that open payments are canceled.
async fn cancel_open(app: &App) {
    let stop = json!({"paused": true, "cancel_open": true, "reason": "incident"});
    let stopped = app.operator().put(STOP, stop).await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
    assert!(stopped.body["cancel_open_until"].is_string(), "{stopped:?}");
}

async fn canceling(app: &App) -> Value {
    app.operator().get("/v1/admin/drift").await.body["cancel_open"].clone()
}

async fn status(stack: &Breakable, sender: &str, payment: &Value) -> Value {
    stack.app.user(sender).payment(payment).await.body["status"].clone()
}

#[tokio::test]
async fn what_is_open_is_canceled_what_is_paid_stays_paid_and_what_comes_later_is_left_alone() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let mut open = Vec::new();
    for sender in ["a", "b", "c"] {
        open.push((sender, app.user(sender).created("k").await));
    }
    let paid = app.user("p").created("k").await;
    assert_eq!(app.confirm(&paid, "pm_card_visa").await.status, 200);
    assert!(canceling(app).await.is_null());
    cancel_open(app).await;
    assert_eq!(status(&stack, "a", &open[0].1).await, "requires_payment_method", "it is done asynchronously");
    app.reconciled().await;
    for (sender, payment) in &open {
        assert_eq!(status(&stack, sender, payment).await, "canceled");
        assert_eq!(app.confirm(payment, "pm_card_visa").await.status, 400, "nobody can pay it");
    }
    assert_eq!(status(&stack, "p", &paid).await, "succeeded");
    let progress = canceling(app).await;
    assert_eq!(
        (&progress["canceled"], &progress["finished_at"]),
        (&json!(3), &Value::Null),
        "some may be in flight"
    );

    let resume = json!({"paused": false, "reason": "over"});
    assert_eq!(app.operator().put(STOP, resume).await.status, 200);
    let later = app.user("later").created("k").await;
    stack.pass_seconds(61);
    app.reconciled().await;
    assert!(canceling(app).await["finished_at"].is_string());
    assert_eq!(status(&stack, "later", &later).await, "requires_payment_method");
    let kept = app.items("RECONCILE").await;
    app.reconciled().await;
    let canceling = |items: &[Value]| items.iter().find(|item| item["SK"]["S"] == "CANCEL_OPEN").cloned();
    assert_eq!(
        canceling(&app.items("RECONCILE").await),
        canceling(&kept),
        "a finished cancellation is not repeated"
    );
    let audit = app.operator().get("/v1/admin/rollout/audit").await.body;
    assert_eq!(audit["items"][1]["changes"][1]["field"], "cancel_open_until");
}

#[tokio::test]
async fn an_intent_that_was_in_flight_is_canceled_by_a_later_pass() {
    let stack = Breakable::start().await;
    // Stripe created the intent, and the function crashed before the answer arrived.
    stack.create.arm(STRIPE, Fault::CrashAfter);
    assert_eq!(stack.app.user("sam").pay("k", ten_dollars()).await.status, 500);
    assert!(stack.create.fired());
    cancel_open(&stack.app).await;
    stack.app.reconciled().await;
    assert_eq!(stack.app.row_of("sam").await.expect("a row")["status"]["S"], "requires_payment_method");
    stack.pass_seconds(61);
    stack.app.reconciled().await;
    assert_eq!(stack.app.intents().await[0]["status"], "canceled");
    assert_eq!(stack.app.row_of("sam").await.expect("a row")["status"]["S"], "canceled");
    assert!(canceling(&stack.app).await["finished_at"].is_string());
}

#[tokio::test]
async fn a_cancellation_that_is_interrupted_at_any_hop_continues_from_there() {
    let (stack, _) = with_two_open().await;
    stack.reconcile.made();
    assert_eq!(stack.app.operator().reconcile().await.status, 200);
    let with = stack.reconcile.made().len();
    stack.app.operator().reconcile().await;
    let hops = with - stack.reconcile.made().len() + 1;
    assert!(hops > 20, "16 shards, two payments and the progress: {hops}");
    for hop in 1..=hops {
        is_interrupted(hop, Fault::CrashAfter).await;
        if hop % 8 == 0 {
            is_interrupted(hop, Fault::Outage).await;
        }
    }
}

/// Two open payments, to be canceled, when nothing is in flight any more.
async fn with_two_open() -> (Breakable, Vec<(&'static str, Value)>) {
    let stack = Breakable::start().await;
    let mut open = Vec::new();
    for sender in ["a", "b"] {
        open.push((sender, stack.app.user(sender).created("k").await));
    }
    cancel_open(&stack.app).await;
    stack.pass_seconds(61);
    (stack, open)
}

async fn is_interrupted(hop: usize, fault: Fault) {
    let (stack, open) = with_two_open().await;
    stack.reconcile.arm(hop, fault);
    let answer = stack.app.operator().reconcile().await;
    assert!(stack.reconcile.fired());
    assert_eq!(answer.status, fault.status(200), "{fault:?} at {hop}: {answer:?}");
    stack.app.reconciled().await;
    for (sender, payment) in &open {
        assert_eq!(status(&stack, sender, payment).await, "canceled", "{fault:?} at {hop}");
        let intent = stack.app.stripe(reqwest::Method::GET, &intent_path(payment), &[]).await.body;
        assert_eq!(intent["status"], "canceled", "{fault:?} at {hop}");
    }
    // An outage may have left one open; the next pass finds no more, and ends.
    stack.app.reconciled().await;
    assert!(canceling(&stack.app).await["finished_at"].is_string(), "{fault:?} at {hop}");
}

fn intent_path(payment: &Value) -> String {
    format!("/v1/payment_intents/{}", text(payment, "stripe_payment_intent_id"))
}
