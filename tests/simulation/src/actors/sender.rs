//! A sender's app: creates a payment, repeats unanswered requests, and pays with one card after another.

use super::{CREATORS, ISA, initial_delay, retry_delay};
use crate::client::{Client, Message};
use crate::currency::Currency;
use crate::gateway::Invocation;
use crate::network::Reply;
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

pub(crate) const POST_PAYMENTS: &str = "POST /v1/payments";
const POST_QUOTES: &str = "POST /v1/quotes";
const GET_PAYMENT: &str = "GET /v1/payments/{payment_id}";
pub(super) const SENDERS: [&str; 2] = ["sam", "sue"];
const PUBLISHABLE_KEY: &str = "pk_test_simulated";
/// How often the app confirms before the sender gives up.
const CONFIRMATIONS_MAX: u32 = 12;

/// A payment that a sender wants to make.
#[derive(Clone)]
pub(crate) struct CreatePayment {
    pub(crate) sender: &'static str,
    pub(crate) key: String,
    quoted: bool,
    body: Value,
    /// Of another body under the same key.
    other_amount: i64,
}

impl CreatePayment {
    pub(crate) fn draw(rng: &mut Rng, number: usize, currency: Currency) -> Self {
        let creator = match rng.u8(..10) {
            0..=5 => CREATORS[0],
            6..=8 => CREATORS[1],
            _ => CREATORS[rng.usize(2..4)],
        };
        // Keys belong to their sender: two senders may use the same.
        let key = format!("key-{}", if rng.bool() { number } else { 0 });
        let amount = currency.of_cents([50, 100, 999, 1_000, 2_345, 99_999][rng.usize(..6)]);
        let (amount, code) = if creator == ISA { (100, "isk") } else { (amount, currency.code) };
        let mut body = json!({"creator_id": creator, "amount": amount, "currency": code});
        if rng.u8(..4) == 0 {
            body["message"] = "for you".into();
        }
        if rng.u8(..10) == 0 {
            body["anonymous"] = true.into();
        }
        if rng.u8(..4) == 0 {
            body["saved_cards"] = "web".into();
        }
        let sender = SENDERS[rng.usize(..SENDERS.len())];
        Self { sender, key, quoted: rng.u8(..3) == 0, body, other_amount: currency.of_cents(1_234) }
    }
}

/// Creates a payment, confirms it, and comes back to it later.
pub(crate) async fn pay(client: Client, mut payment: CreatePayment, mut rng: Rng) {
    initial_delay(&client, &mut rng).await;
    if payment.quoted {
        quote(&client, &mut payment).await;
    }
    if let Some(created) = create(&client, &payment).await {
        let id = created["payment_id"].as_str().unwrap_or_default();
        client.note_payment(id, payment.sender);
        confirm(&client, &created, &mut rng).await;
        afterwards(&client, &payment, &created, &mut rng).await;
    }
}

/// Requests a quote; without an answer the sender goes on without one.
async fn quote(client: &Client, payment: &mut CreatePayment) {
    let body = json!({
        "creator_id": payment.body["creator_id"],
        "amount": payment.body["amount"],
        "currency": payment.body["currency"],
    });
    let reply = client.call(Invocation::of_user(payment.sender, POST_QUOTES, &body)).await;
    if reply.status() == 200 {
        payment.body["quote"] = reply.body()["quote"].clone();
    }
}

/// Creates the payment; none when it is refused.
async fn create(client: &Client, payment: &CreatePayment) -> Option<Value> {
    for tries in 0.. {
        let reply = post(client, payment, &payment.body).await;
        match reply.status() {
            201 => return Some(reply.body()),
            429 if reply.body()["code"] == "sender_limit" => return None,
            0 | 409 | 429 | 500.. => retry_delay(client, tries).await,
            400..=499 => return None,
            status => {
                client.report(Message::Violation(format!("a create is answered {status}: {}", reply.body())));
                return None;
            }
        }
    }
    None
}

async fn post(client: &Client, payment: &CreatePayment, body: &Value) -> Reply {
    let invocation = Invocation::of_user(payment.sender, POST_PAYMENTS, body);
    client.call(invocation.with_header("idempotency-key", payment.key.clone())).await
}

/// Tries cards until one pays, or the sender leaves.
async fn confirm(client: &Client, created: &Value, rng: &mut Rng) {
    let (Some(intent), Some(secret)) =
        (created["stripe_payment_intent_id"].as_str(), created["client_secret"].as_str())
    else {
        return;
    };
    for _ in 0..CONFIRMATIONS_MAX {
        if rng.u8(..8) == 0 {
            return;
        }
        let path = format!("/v1/payment_intents/{intent}/confirm");
        let mut form =
            vec![("key", PUBLISHABLE_KEY), ("client_secret", secret), ("payment_method", card(rng))];
        if created["customer_id"].is_string() {
            form.push(("setup_future_usage", "on_session"));
        }
        let reply = client.stripe(Method::POST, &path, &form).await;
        let mut intent_now = reply.body();
        match reply.status() {
            200 => {}
            402 => continue,
            // The outcome is unknown, or another device was first: the app retrieves the intent.
            _ => {
                client.pause(500).await;
                let form = [("key", PUBLISHABLE_KEY), ("client_secret", secret)];
                intent_now =
                    client.stripe(Method::GET, &format!("/v1/payment_intents/{intent}"), &form).await.body();
            }
        }
        match intent_now["status"].as_str() {
            Some("succeeded" | "canceled") => return,
            Some("requires_action") => authenticate(client, &intent_now, rng).await,
            _ => client.pause(rng.u64(10..3_000)).await,
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

/// Completes 3-D Secure, fails it, or leaves it.
async fn authenticate(client: &Client, intent: &Value, rng: &mut Rng) {
    let url = intent
        .pointer("/next_action/redirect_to_url/url")
        .or(intent.pointer("/next_action/use_stripe_sdk/stripe_js"));
    let Some(url) = url.and_then(Value::as_str) else {
        client.report(Message::Violation(format!("no way to authenticate: {}", intent["next_action"])));
        return;
    };
    let verdict = match rng.u8(..6) {
        0 => return,
        1 | 2 => "fail",
        _ => "complete",
    };
    // The path of the page; the stand-in is called without an origin here.
    let place = url.find("/3d_secure/").unwrap_or_default();
    client.stripe(Method::POST, &format!("{}/{verdict}", &url[place..]), &[]).await;
}

/// Opens the app again: repeats the request, sends another body under the key, retrieves the payment.
async fn afterwards(client: &Client, payment: &CreatePayment, created: &Value, rng: &mut Rng) {
    if rng.u8(..3) == 0 {
        post(client, payment, &payment.body).await;
    }
    if rng.u8(..6) == 0 {
        let mut other = payment.body.clone();
        other["amount"] = payment.other_amount.into();
        let reply = post(client, payment, &other).await;
        if !matches!(reply.status(), 0 | 422 | 429 | 500..) {
            client.report(Message::Violation(format!(
                "another body under the key is answered {}",
                reply.status()
            )));
        }
    }
    if rng.u8(..3) == 0 {
        let id = created["payment_id"].as_str().unwrap_or_default();
        let retrieval =
            Invocation::of_user(payment.sender, GET_PAYMENT, &Value::Null).with_parameter("payment_id", id);
        let reply = client.call(retrieval).await;
        if !matches!(reply.status(), 0 | 200 | 429 | 500..) {
            client
                .report(Message::Violation(format!("a sender's own payment is answered {}", reply.status())));
        }
    }
}
