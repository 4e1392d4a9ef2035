//! A sender's app: creates a payment, repeats what was not answered, and pays with one card after another.

use super::{CREATORS, arrive, wait_again};
use crate::gateway::Invocation;
use crate::network::Reply;
use crate::outside::{Outside, Told};
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

pub(crate) const POST_PAYMENTS: &str = "POST /v1/payments";
const POST_QUOTES: &str = "POST /v1/quotes";
const GET_PAYMENT: &str = "GET /v1/payments/{payment_id}";
pub(super) const SENDERS: [&str; 2] = ["sam", "sue"];
const PUBLISHABLE_KEY: &str = "pk_test_simulated";
/// How often a page asks again before its user closes it.
const PATIENCE: u32 = 12;

/// What a sender wants.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) sender: &'static str,
    pub(crate) key: String,
    quoted: bool,
    body: Value,
}

impl Order {
    pub(crate) fn draw(rng: &mut Rng, number: usize) -> Self {
        let creator = match rng.u8(..10) {
            0..=5 => CREATORS[0],
            6..=8 => CREATORS[1],
            _ => CREATORS[2],
        };
        // Keys belong to their sender: two senders may have the same.
        let key = format!("key-{}", if rng.bool() { number } else { 0 });
        let amount = [50, 100, 999, 1_000, 2_345, 99_999][rng.usize(..6)];
        let mut body = json!({"creator_id": creator, "amount": amount, "currency": "usd"});
        if rng.u8(..4) == 0 {
            body["message"] = "for you".into();
        }
        if rng.u8(..10) == 0 {
            body["anonymous"] = true.into();
        }
        Self { sender: SENDERS[rng.usize(..SENDERS.len())], key, quoted: rng.u8(..3) == 0, body }
    }
}

/// Pays an order, to whatever end.
pub(crate) async fn pay(outside: Outside, mut order: Order, mut rng: Rng) {
    arrive(&outside, &mut rng).await;
    if order.quoted {
        quote(&outside, &mut order).await;
    }
    if let Some(created) = create(&outside, &order).await {
        let id = created["payment_id"].as_str().unwrap_or_default();
        outside.note_payment(id, order.sender);
        confirm(&outside, &created, &mut rng).await;
        afterwards(&outside, &order, &created, &mut rng).await;
    }
    outside.tell(Told::Finished);
}

/// Asks for the total first; without an answer the sender goes on without.
async fn quote(outside: &Outside, order: &mut Order) {
    let body = json!({
        "creator_id": order.body["creator_id"],
        "amount": order.body["amount"],
        "currency": order.body["currency"],
    });
    let reply = outside.call(Invocation::of_user(order.sender, POST_QUOTES, &body)).await;
    if reply.status() == 200 {
        order.body["quote"] = reply.body()["quote"].clone();
    }
}

/// Creates the payment; nothing when it is refused.
async fn create(outside: &Outside, order: &Order) -> Option<Value> {
    for tries in 0.. {
        let reply = post(outside, order, &order.body).await;
        match reply.status() {
            201 => return Some(reply.body()),
            429 if reply.body()["code"] == "sender_limit" => return None,
            0 | 409 | 429 | 500.. => wait_again(outside, tries).await,
            400..=499 => return None,
            status => {
                outside.tell(Told::Wrong(format!("a create is answered {status}: {}", reply.body())));
                return None;
            }
        }
    }
    None
}

async fn post(outside: &Outside, order: &Order, body: &Value) -> Reply {
    let invocation = Invocation::of_user(order.sender, POST_PAYMENTS, body);
    outside.call(invocation.with_header("idempotency-key", order.key.clone())).await
}

/// Tries cards until one pays, or the sender leaves.
async fn confirm(outside: &Outside, created: &Value, rng: &mut Rng) {
    let (Some(intent), Some(secret)) =
        (created["stripe_payment_intent_id"].as_str(), created["client_secret"].as_str())
    else {
        return;
    };
    for _ in 0..PATIENCE {
        if rng.u8(..8) == 0 {
            return;
        }
        let path = format!("/v1/payment_intents/{intent}/confirm");
        let form = [("key", PUBLISHABLE_KEY), ("client_secret", secret), ("payment_method", card(rng))];
        let reply = outside.stripe(Method::POST, &path, &form).await;
        let mut seen = reply.body();
        match reply.status() {
            200 => {}
            402 => continue,
            // An unknown outcome, or somebody else was there first: the page looks.
            _ => {
                outside.pause(500).await;
                let form = [("key", PUBLISHABLE_KEY), ("client_secret", secret)];
                seen =
                    outside.stripe(Method::GET, &format!("/v1/payment_intents/{intent}"), &form).await.body();
            }
        }
        match seen["status"].as_str() {
            Some("succeeded" | "canceled") => return,
            Some("requires_action") => authenticate(outside, &seen, rng).await,
            _ => outside.pause(rng.u64(10..3_000)).await,
        }
    }
}

fn card(rng: &mut Rng) -> &'static str {
    [
        "pm_card_visa",
        "pm_card_visa",
        "pm_card_visa",
        "pm_card_visa",
        "pm_card_createDispute",
        "pm_card_createDisputeInquiry",
        "pm_card_refundFail",
        "pm_card_pendingRefund",
        "pm_card_gb",
        "pm_card_chargeDeclined",
        "pm_card_chargeDeclinedInsufficientFunds",
        "pm_card_threeDSecureRequired",
        "pm_card_threeDSecureRequiredChargeDeclined",
    ][rng.usize(..13)]
}

/// Completes or fails 3-D Secure, or leaves it.
async fn authenticate(outside: &Outside, intent: &Value, rng: &mut Rng) {
    let url = intent
        .pointer("/next_action/redirect_to_url/url")
        .or(intent.pointer("/next_action/use_stripe_sdk/stripe_js"));
    let Some(url) = url.and_then(Value::as_str) else {
        outside.tell(Told::Wrong(format!("no way to authenticate: {}", intent["next_action"])));
        return;
    };
    let verdict = match rng.u8(..6) {
        0 => return,
        1 | 2 => "fail",
        _ => "complete",
    };
    // The page's address, without its origin: there is none here.
    let place = url.find("/3d_secure/").unwrap_or_default();
    outside.stripe(Method::POST, &format!("{}/{verdict}", &url[place..]), &[]).await;
}

/// The app opens again: the same request, another request under the same key, a look at the payment.
async fn afterwards(outside: &Outside, order: &Order, created: &Value, rng: &mut Rng) {
    if rng.u8(..3) == 0 {
        post(outside, order, &order.body).await;
    }
    if rng.u8(..6) == 0 {
        let mut other = order.body.clone();
        other["amount"] = 1_234.into();
        let reply = post(outside, order, &other).await;
        if !matches!(reply.status(), 0 | 422 | 429 | 500..) {
            outside.tell(Told::Wrong(format!("another body under the key is answered {}", reply.status())));
        }
    }
    if rng.u8(..3) == 0 {
        let id = created["payment_id"].as_str().unwrap_or_default();
        let look =
            Invocation::of_user(order.sender, GET_PAYMENT, &Value::Null).with_parameter("payment_id", id);
        let reply = outside.call(look).await;
        if !matches!(reply.status(), 0 | 200 | 429 | 500..) {
            outside.tell(Told::Wrong(format!("a sender's own payment is answered {}", reply.status())));
        }
    }
}
