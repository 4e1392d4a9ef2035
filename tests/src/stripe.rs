//! Calls to Stripe by the sender's app and by us, and Stripe's deliveries.

use crate::api::text;
use crate::{Answer, App};
use payments::Secret;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const SIGNING_SECRET: &str = "whsec_local";

impl App {
    /// A call to Stripe with the platform's key.
    pub async fn stripe(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.stack.endpoints().stripe);
        let body = serde_urlencoded::to_string(form).expect("a form");
        let request = self.http.request(method, url).bearer_auth("sk_test_x").body(body);
        Answer::to(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// Retrieves what a connected account sees.
    pub async fn stripe_as(&self, account: &str, path: &str) -> Answer {
        let url = format!("{}{path}", self.stack.endpoints().stripe);
        Answer::to(self.http.get(url).bearer_auth("sk_test_x").header("stripe-account", account)).await
    }

    /// A call to Stripe's API v2 with the platform's key.
    pub async fn stripe_v2(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.stack.endpoints().stripe);
        let request = self.http.get(url).bearer_auth("sk_test_x");
        Answer::to(request.header("stripe-version", "2026-09-30.endive")).await
    }

    /// Creates an account by API v2, without this service.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn new_account_v2(&self) -> String {
        let url = format!("{}/v2/core/accounts", self.stack.endpoints().stripe);
        let transfers = json!({"stripe_balance": {"stripe_transfers": {"requested": true}}});
        let body = json!({
            "contact_email": "owner@example.com",
            "identity": {"country": "us"},
            "dashboard": "express",
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "configuration": {"recipient": {"capabilities": transfers}},
        });
        let request = self.http.post(url).bearer_auth("sk_test_x").json(&body);
        let created = Answer::to(request.header("stripe-version", "2026-09-30.endive")).await;
        text(&created.body, "id").to_owned()
    }

    /// The events about an account, newest first: thin events on a platform of v2, others on one of v1.
    pub async fn events_of_account(&self, account: &str) -> Vec<Value> {
        let listed = self.stripe_v2(&format!("/v2/core/events?object_id={account}&limit=100")).await;
        let thin = listed.body["data"].as_array().cloned().unwrap_or_else(|| panic!("{listed:?}"));
        let others = self.events().await.into_iter().rev().filter(|event| event["account"] == account);
        thin.into_iter().chain(others).collect()
    }

    /// Confirms a created payment with a card, as the sender's app does.
    pub async fn confirm(&self, payment: &Value, card: &str) -> Answer {
        let path = format!("/v1/payment_intents/{}/confirm", text(payment, "stripe_payment_intent_id"));
        self.stripe(Method::POST, &path, &[("payment_method", card)]).await
    }

    /// Fails the 3-D Secure that a confirmation asks for.
    ///
    /// # Panics
    /// When it does not ask for it.
    pub async fn fail_3d_secure(&self, confirmed: &Answer) {
        let page = text(&confirmed.body["next_action"]["use_stripe_sdk"], "stripe_js");
        let failed = self.http.post(format!("{page}/fail")).header("accept", "application/json");
        assert_eq!(Answer::to(failed).await.status, 200);
    }

    /// The events about an intent, oldest first.
    pub async fn events_of(&self, payment: &Value) -> Vec<Value> {
        let intent = text(payment, "stripe_payment_intent_id");
        let events = self.events().await.into_iter();
        events.filter(|event| event["data"]["object"]["id"] == intent).collect()
    }

    /// The last hundred events, oldest first.
    pub async fn events(&self) -> Vec<Value> {
        self.listed("/stand_in/events?limit=100").await.into_iter().rev().collect()
    }

    /// Delivers the last hundred events, in order.
    ///
    /// # Panics
    /// When one is not accepted.
    pub async fn deliver_all(&self) {
        for event in self.events().await {
            assert_eq!(self.deliver(event.to_string()).await.status, 200, "{event}");
        }
    }

    /// The last hundred intents at Stripe, newest first.
    pub async fn intents(&self) -> Vec<Value> {
        self.listed("/v1/payment_intents?limit=100").await
    }

    /// The objects of a list at Stripe.
    ///
    /// # Panics
    /// When it is not a list.
    pub async fn listed(&self, path: &str) -> Vec<Value> {
        let answer = self.stripe(Method::GET, path, &[]).await;
        answer.body["data"].as_array().cloned().unwrap_or_else(|| panic!("{path}: {answer:?}"))
    }

    /// An event that says that an open payment succeeded, as Stripe would send it.
    pub async fn succeeded_event(&self, payment: &Value) -> Value {
        let mut event = self.events_of(payment).await.remove(0);
        event["id"] = "evt_made_up".into();
        event["type"] = "payment_intent.succeeded".into();
        let intent = &mut event["data"]["object"];
        intent["status"] = "succeeded".into();
        intent["amount_received"] = intent["amount"].clone();
        event
    }

    /// Delivers the events about an intent, in order.
    ///
    /// # Panics
    /// When one is not accepted.
    pub async fn deliver_events_of(&self, payment: &Value) {
        for event in self.events_of(payment).await {
            assert_eq!(self.deliver(event.to_string()).await.status, 200, "{event}");
        }
    }

    /// Delivers a body with a signature made now.
    pub async fn deliver(&self, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let signature = signature(SIGNING_SECRET, now_s(), &body);
        self.deliver_signed(body, &signature).await
    }

    /// Delivers a body with a signature.
    pub async fn deliver_signed(&self, body: Vec<u8>, signature: &str) -> Answer {
        let request = self.request(Method::POST, "/v1/stripe/webhooks").body(body);
        let request = request.header("content-type", "application/json; charset=utf-8");
        Answer::to(request.header("stripe-signature", signature)).await
    }
}

/// `Stripe-Signature` of a body at a time.
#[must_use]
pub fn signature(secret: &str, time_s: i64, body: &[u8]) -> String {
    payments_stripe::sign(&Secret::new(secret), time_s, body)
}

/// Now, in seconds since the epoch.
#[must_use]
pub fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or_default()
}
