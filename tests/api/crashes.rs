//! A function can crash at any hop, and any answer can be lost: the sender's retry or Stripe's redelivery finishes
//! the payment, once.

use black_box::{Breakable, Caller, Fault, id_of, ten_dollars, text};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// The number of hops of a payment without faults.
async fn hops_of_a_payment(stack: &Breakable) -> usize {
    stack.create.made();
    stack.app.user("somebody").created("undisturbed").await;
    stack.create.made().len()
}

/// A request during which a hop fails; false when it made fewer hops than that.
async fn pay_through(stack: &Breakable, sender: &Caller<'_>, hop: usize, fault: Fault) -> bool {
    stack.create.arm(hop, fault);
    let answer = sender.pay("k", ten_dollars()).await;
    let fired = stack.create.fired();
    let expected = if fired { fault.status(201) } else { 201 };
    assert_eq!(answer.status, expected, "{fault:?} at {hop}: {answer:?}");
    fired
}

/// Retries without faults: the payment has one intent at Stripe, and row and mapping name it.
async fn retried(stack: &Breakable, sender: &str, intents_before: usize) -> Value {
    let payment = stack.app.user(sender).created("k").await;
    assert!(payment["client_secret"].is_string(), "{payment}");
    assert_eq!(stack.app.intents().await.len(), intents_before + 1, "one intent for {sender}");
    let intent = text(&payment, "stripe_payment_intent_id");
    let items = stack.app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    let [state, terms] = &items[..] else { panic!("{items:?}") };
    assert_eq!((&state["SK"]["S"], &terms["SK"]["S"]), (&json!("STATE"), &json!("TERMS")));
    assert_eq!(state["state"]["M"]["intent"]["S"], intent);
    let mapping = stack.app.items(&format!("INTENT#{intent}")).await;
    assert_eq!((mapping.len(), &mapping[0]["payment_id"]["S"]), (1, &payment["payment_id"]));
    payment
}

/// The sender pays, the events are delivered, and the creator has the amount once.
async fn settles(stack: &Breakable, sender: &str, payment: &Value) {
    assert_eq!(stack.app.confirm(payment, "pm_card_visa").await.status, 200);
    stack.app.deliver_events_of(payment).await;
    is_settled_once(stack, sender, payment).await;
}

async fn is_settled_once(stack: &Breakable, sender: &str, payment: &Value) {
    assert_eq!(stack.app.user(sender).payment(payment).await.body["status"], "succeeded");
    let postings = stack.app.postings(payment).await;
    assert_eq!(postings.len(), 3, "{postings:?}");
    assert_eq!(postings.iter().map(|posting| posting.amount).sum::<i64>(), 0);
    assert!(postings.iter().any(|posting| posting.account == "creator:ana" && posting.amount == 1_000));
}

#[tokio::test]
async fn a_fault_at_any_hop_of_a_payment_leaves_one_intent_and_one_settlement() {
    let stack = Breakable::start().await;
    for hop in 1..=hops_of_a_payment(&stack).await {
        for fault in Fault::ALL {
            let sender = format!("sam-{hop}-{fault:?}");
            let before = stack.app.intents().await.len();
            assert!(pay_through(&stack, &stack.app.user(&sender), hop, fault).await);
            let payment = retried(&stack, &sender, before).await;
            settles(&stack, &sender, &payment).await;
        }
    }
}

#[tokio::test]
async fn two_crashes_in_a_row_leave_one_intent_and_one_settlement() {
    let hops = hops_of_a_payment(&Breakable::start().await).await;
    for first in 1..=hops {
        for fault in Fault::CRASHES {
            // On a stack of its own: a list has at most a hundred intents.
            crash_again(&Breakable::start().await, first, fault).await;
        }
    }
}

/// A crash, then every crash that the retry can meet.
async fn crash_again(stack: &Breakable, first: usize, first_fault: Fault) {
    for again in Fault::CRASHES {
        let mut second = 1;
        loop {
            let sender = format!("sam-{first}-{first_fault:?}-{second}-{again:?}");
            let before = stack.app.intents().await.len();
            assert!(pay_through(stack, &stack.app.user(&sender), first, first_fault).await);
            let crashed = pay_through(stack, &stack.app.user(&sender), second, again).await;
            let payment = retried(stack, &sender, before).await;
            settles(stack, &sender, &payment).await;
            if !crashed {
                break;
            }
            second += 1;
        }
        assert!(second > 2, "a retry has at least two hops");
    }
}

/// What a crash left in the table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Nothing,
    Row,
    RowWithIntent,
}

#[tokio::test]
async fn a_payment_that_crashed_before_its_creator_was_disabled_is_closed_for_good() {
    let stack = Breakable::start().await;
    let mut left = Vec::new();
    for hop in 1..=hops_of_a_payment(&stack).await {
        for fault in Fault::CRASHES {
            left.push(crash_and_disable(&stack, hop, fault).await);
        }
    }
    left.sort();
    let of = |what: Left| left.iter().filter(|left| **left == what).count();
    assert_eq!((of(Left::Nothing), of(Left::Row), of(Left::RowWithIntent)), (3, 4, 1));
}

async fn crash_and_disable(stack: &Breakable, hop: usize, fault: Fault) -> Left {
    let name = format!("sam-{hop}-{fault:?}");
    let sam = stack.app.user(&name);
    let before = stack.app.intents().await.len();
    assert!(pay_through(stack, &sam, hop, fault).await);
    let row = stack.app.row_of(&name).await;
    stack.app.operator().set_receiving("ana", "disabled").await;
    let retry = sam.pay("k", ten_dollars()).await;
    let left = match &row {
        None => Left::Nothing,
        Some(row) if row["state"]["M"]["intent"].is_null() => Left::Row,
        Some(_) => Left::RowWithIntent,
    };
    if left == Left::RowWithIntent {
        assert_eq!(retry.status, 201, "a replay does not decide again: {retry:?}");
    } else {
        assert_eq!(retry.problem(), (403, "creator_not_receiving"));
        assert_eq!(retry.reasons(), ["disabled_by_operator"]);
    }
    stack.app.operator().set_receiving("ana", "enabled").await;
    match row {
        None => assert_eq!(stack.app.row_of(&name).await, None),
        Some(row) if left == Left::Row => is_closed_for_good(stack, &sam, &name, &row, before).await,
        Some(_) => settles(stack, &name, &retry.body).await,
    }
    left
}

/// Although the creator may receive again, the payment stays closed, and its intent is not payable.
async fn is_closed_for_good(stack: &Breakable, sam: &Caller<'_>, name: &str, row: &Value, before: usize) {
    let replay = sam.pay("k", ten_dollars()).await;
    assert_eq!(replay.problem(), (403, "creator_not_receiving"));
    assert_eq!(stack.app.row_of(name).await.expect("a row")["status"]["S"], "canceled");
    let intents = stack.app.intents().await;
    for intent in &intents[..intents.len() - before] {
        let payment = json!({"payment_id": id_of(row), "stripe_payment_intent_id": intent["id"]});
        assert_eq!(intent["metadata"]["payment_id"], payment["payment_id"]);
        cancels_the_orphan(stack, &payment).await;
        assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 400);
        stack.app.deliver_events_of(&payment).await;
        assert_eq!(stack.app.postings(&payment).await, []);
    }
    assert_eq!(sam.pay("k", ten_dollars()).await.problem(), (403, "creator_not_receiving"));
}

/// The webhook of the intent's creation cancels it, even after it crashed at each hop.
async fn cancels_the_orphan(stack: &Breakable, payment: &Value) {
    let created = stack.app.events_of(payment).await.remove(0);
    assert_eq!(created["type"], "payment_intent.created");
    deliver_through_every_crash(stack, &created).await;
    let intents = stack.app.intents().await;
    let intent = intents.iter().find(|intent| intent["id"] == payment["stripe_payment_intent_id"]);
    assert_eq!(intent.expect("the intent")["status"], "canceled");
}

/// Delivers an event until each hop crashed before and after its request, and once more without faults.
async fn deliver_through_every_crash(stack: &Breakable, event: &Value) {
    for fault in Fault::CRASHES {
        let mut hop = 1;
        while deliver_through(stack, event, hop, fault).await {
            hop += 1;
        }
        assert!(hop > 1, "no hop");
    }
    assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
}

/// A delivery during which a hop fails; false when it made fewer hops than that.
async fn deliver_through(stack: &Breakable, event: &Value, hop: usize, fault: Fault) -> bool {
    stack.webhook.arm(hop, fault);
    let answer = stack.app.deliver(event.to_string()).await;
    let fired = stack.webhook.fired();
    let expected = if fired { fault.status(200) } else { 200 };
    assert_eq!(answer.status, expected, "{fault:?} at {hop}: {answer:?}");
    fired
}

#[tokio::test]
async fn a_fault_at_any_hop_of_a_webhook_is_mended_by_its_redelivery_once() {
    let stack = Breakable::start().await;
    let mut fired = 0;
    for hop in 1..=2 {
        for fault in Fault::ALL {
            let sender = format!("sam-{hop}-{fault:?}");
            let payment = stack.app.user(&sender).created("k").await;
            assert_eq!(stack.app.confirm(&payment, "pm_card_visa").await.status, 200);
            let events = stack.app.events_of(&payment).await;
            let paid = events.iter().find(|event| event["type"] == "payment_intent.succeeded").expect("paid");
            fired += usize::from(deliver_through(&stack, paid, hop, fault).await);
            assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
            is_settled_once(&stack, &sender, &payment).await;
            let row = stack.app.row_of(&sender).await;
            assert_eq!(stack.app.deliver(paid.to_string()).await.status, 200);
            assert_eq!(stack.app.row_of(&sender).await, row, "nothing is left to apply");
        }
    }
    assert_eq!(fired, 2 * Fault::ALL.len());
}

#[tokio::test]
async fn an_event_that_cannot_be_applied_is_parked_once_whatever_fails() {
    let stack = Breakable::start().await;
    let payment = stack.app.user("sam").created("k").await;
    let mut event = stack.app.events_of(&payment).await.remove(0);
    event["data"]["object"]["amount"] = json!(1);
    deliver_through_every_crash(&stack, &event).await;
    assert_eq!(stack.app.parked_events().await.len(), 1);
}

#[tokio::test]
async fn twins_that_retry_a_crashed_payment_at_once_get_the_same_intent() {
    let stack = Breakable::start().await;
    for hop in 1..=hops_of_a_payment(&stack).await {
        for fault in Fault::CRASHES {
            let sender = format!("sam-{hop}-{fault:?}");
            let (sam, before) = (stack.app.user(&sender), stack.app.intents().await.len());
            assert!(pay_through(&stack, &sam, hop, fault).await);
            join_all((0..4).map(|_| sam.created("k"))).await;
            retried(&stack, &sender, before).await;
        }
    }
}
