//! Stripe refuses the address that its receipt would go to: the payment is made without a receipt, once.

use black_box::{Answer, Breakable, Fault, Service, id_of, listen_to_logs, logged, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Ours is of the form that we accept, and no mail reaches it (RFC 6761).
const ADDRESS: &str = "sam@example.invalid";
/// The hops of a payment that is created at the second request: the read, the row, the refused request, the refusal in
/// the row, the request without a receipt, the intent in the row.
const HOPS: [Service; 6] = [
    Service::DynamoDb,
    Service::DynamoDb,
    Service::Stripe,
    Service::DynamoDb,
    Service::Stripe,
    Service::DynamoDb,
];

async fn pay(stack: &Breakable, sender: &str) -> Answer {
    stack.app.user_with_email(sender, ADDRESS).pay("k", ten_dollars()).await
}

async fn row(stack: &Breakable, sender: &str) -> Value {
    stack.app.row_of(sender).await.expect("a row")
}

/// The intents of a sender's payment.
async fn intents(stack: &Breakable, sender: &str) -> Vec<Value> {
    let payment = id_of(&row(stack, sender).await);
    let intents = stack.app.intents().await.into_iter();
    intents.filter(|intent| intent["metadata"]["payment_id"] == payment.as_str()).collect()
}

/// Makes an intent as the first key would have, if Stripe had accepted the address in the meantime.
async fn made_under_the_first_key(stack: &Breakable, sender: &str) -> Value {
    let row = row(stack, sender).await;
    let payment = id_of(&row);
    let account = stack.app.operator().explained("ana").await["stripe_account_id"].clone();
    let form = [
        ("amount", "1061"),
        ("currency", "usd"),
        ("transfer_data[destination]", account.as_str().expect("an account")),
        ("transfer_data[amount]", "1000"),
        ("metadata[payment_id]", payment.as_str()),
        ("transfer_group", payment.as_str()),
        ("allowed_payment_method_types[]", "card"),
    ];
    let made = stack.app.stripe(Method::POST, "/v1/payment_intents", &form).await;
    assert_eq!(made.status, 200, "{made:?}");
    json!({"stripe_payment_intent_id": made.body["id"]})
}

#[tokio::test]
async fn a_payment_whose_receipt_stripe_refuses_is_made_without_it() {
    listen_to_logs();
    let stack = Breakable::start().await;
    stack.create.made();
    let created = pay(&stack, "sam").await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(stack.create.made(), HOPS);
    let asked = stack.create.asked_of_stripe();
    let keys = asked.iter().map(|request| request.headers()["idempotency-key"].to_str().expect("text"));
    let payment = text(&created.body, "payment_id");
    let expected = [format!("{payment}/create"), format!("{payment}/create-without-receipt")];
    assert_eq!(keys.collect::<Vec<_>>(), expected);
    let intents = stack.app.intents().await;
    assert_eq!((intents.len(), &intents[0]["receipt_email"]), (1, &Value::Null));
    let again = pay(&stack, "sam").await;
    assert_eq!((again.status, &again.body), (201, &created.body));
    let lines = logged().iter().map(|logged| logged.line.to_string()).collect::<Vec<_>>();
    assert!(!lines.iter().any(|line| line.contains("example.invalid")), "{lines:?}");
}

#[tokio::test]
async fn a_fault_at_any_hop_leaves_one_intent_and_no_attempt_sends_the_first_request_after_the_refusal_is_stored()
 {
    let stack = Breakable::start().await;
    for hop in 1..=HOPS.len() {
        for fault in Fault::ALL {
            let sender = format!("sam-{hop}-{fault:?}");
            stack.create.arm(hop, fault);
            let first = pay(&stack, &sender).await;
            assert!(stack.create.fired(), "{fault:?} at {hop}");
            assert_eq!(first.status, fault.status(201), "{fault:?} at {hop}: {first:?}");
            let is_stored = match stack.app.row_of(&sender).await {
                Some(row) => row["state"].to_string().contains("receipt_refused"),
                None => false,
            };
            stack.create.asked_of_stripe();
            assert_eq!(pay(&stack, &sender).await.status, 201, "{fault:?} at {hop}");
            let asked = stack.create.asked_of_stripe();
            let key = |request: &http::Request<_>| request.headers().get("idempotency-key").cloned();
            let first_again = asked.iter().filter_map(key).any(|key| key.as_bytes().ends_with(b"/create"));
            assert!(!(is_stored && first_again), "{fault:?} at {hop}");
            assert_eq!(intents(&stack, &sender).await.len(), 1, "{fault:?} at {hop}");
        }
    }
}

#[tokio::test]
async fn a_second_intent_is_canceled_and_the_first_to_be_attached_stays() {
    let stack = Breakable::start().await;
    let created = pay(&stack, "sam").await.body;
    let second = made_under_the_first_key(&stack, "sam").await;
    // The news of the second, twice, and of its cancellation.
    for _ in 0..2 {
        stack.app.deliver_events_of(&second).await;
    }
    let status = async |intent: &Value| {
        let path = format!("/v1/payment_intents/{}", text(intent, "stripe_payment_intent_id"));
        stack.app.stripe(Method::GET, &path, &[]).await.body["status"].clone()
    };
    assert_eq!(status(&second).await, "canceled");
    assert_eq!(status(&created).await, "requires_payment_method");
    let parked = stack.app.operator().get("/v1/admin/quarantine").await.body;
    assert_eq!(parked["items"], json!([]));
    assert_eq!(stack.app.confirm(&created, "pm_card_visa").await.status, 200);
    stack.app.deliver_events_of(&created).await;
    let paid = stack.app.user("sam").until_status(&created, "succeeded").await;
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
}

#[tokio::test]
async fn an_intent_that_the_webhook_attaches_first_is_the_one_that_is_given_out() {
    let stack = Breakable::start().await;
    // It ends after the second request has taken effect.
    stack.create.arm(5, Fault::CrashAfter);
    assert_eq!(pay(&stack, "sam").await.status, 500);
    assert!(stack.create.fired());
    let first = made_under_the_first_key(&stack, "sam").await;
    stack.app.deliver_events_of(&first).await;
    let answer = pay(&stack, "sam").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.body["stripe_payment_intent_id"], first["stripe_payment_intent_id"]);
    stack.app.deliver_all().await;
    let open = |intent: &&Value| intent["status"] != "canceled";
    let left = intents(&stack, "sam").await;
    let left: Vec<_> = left.iter().filter(open).collect();
    assert_eq!((left.len(), &left[0]["id"]), (1, &first["stripe_payment_intent_id"]));
}
