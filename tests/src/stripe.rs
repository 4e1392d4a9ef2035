//! The sender's app at Stripe, and Stripe's deliveries.

use crate::api::text;
use crate::{Answer, App};
use payments::Secret;
use reqwest::Method;
use serde_json::Value;
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

    /// Pays out what a creator's account has, as the creator does.
    ///
    /// # Panics
    /// When it does not have that.
    pub async fn pay_out(&self, creator: &str, amount: i64) {
        let eligibility = self.operator().get(&format!("/v1/admin/creators/{creator}/eligibility")).await;
        let url = format!("{}/v1/payouts", self.stack.endpoints().stripe);
        let request = self.http.post(url).bearer_auth("sk_test_x");
        let request = request.header("stripe-account", text(&eligibility.body, "stripe_account_id"));
        let answer = Answer::to(request.body(format!("amount={amount}&currency=usd"))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// What happens to an account by Stripe's hand or its owner's, such as `restrict`.
    ///
    /// # Panics
    /// When there is no such account or deed.
    pub async fn bring_account(&self, account: &str, deed: &str) {
        let path = format!("/stand_in/accounts/{account}/{deed}");
        let answer = self.stripe(Method::POST, &path, &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// What a creator does on the page of their onboarding, such as `finish`.
    ///
    /// # Panics
    /// When the page is not open to them.
    pub async fn onboard(&self, link: &Value, deed: &str) {
        let page = self.http.post(format!("{}/{deed}", text(link, "url")));
        let answer = Answer::to(page.header("accept", "application/json")).await;
        assert_eq!((answer.status, &answer.body["deed"]), (200, &Value::from(deed)), "{answer:?}");
    }

    /// The accounts at Stripe that were opened for a creator.
    pub async fn accounts_of(&self, creator: &str) -> Vec<String> {
        let accounts = self.listed("/v1/accounts?limit=100").await.into_iter();
        let theirs = accounts.filter(|account| account["metadata"]["creator_id"] == creator);
        theirs.map(|account| text(&account, "id").to_owned()).collect()
    }

    /// Confirms a created payment with a card, as the sender's app does.
    pub async fn confirm(&self, payment: &Value, card: &str) -> Answer {
        let path = format!("/v1/payment_intents/{}/confirm", text(payment, "stripe_payment_intent_id"));
        self.stripe(Method::POST, &path, &[("payment_method", card)]).await
    }

    /// The events that Stripe made of an intent, oldest first.
    pub async fn events_of(&self, payment: &Value) -> Vec<Value> {
        let intent = text(payment, "stripe_payment_intent_id");
        let events = self.events().await.into_iter();
        events.filter(|event| event["data"]["object"]["id"] == intent).collect()
    }

    /// The last hundred events that Stripe made, oldest first.
    pub async fn events(&self) -> Vec<Value> {
        self.listed("/v1/events?limit=100").await.into_iter().rev().collect()
    }

    /// Delivers every event that Stripe made so far, in order.
    ///
    /// # Panics
    /// When one is not accepted.
    pub async fn deliver_all(&self) {
        for event in self.events().await {
            assert_eq!(self.deliver(event.to_string()).await.status, 200, "{event}");
        }
    }

    /// Every intent at Stripe, newest first.
    pub async fn intents(&self) -> Vec<Value> {
        let answer = self.stripe(Method::GET, "/v1/payment_intents?limit=100", &[]).await;
        answer.body["data"].as_array().cloned().expect("a list")
    }

    /// Delivers the events that Stripe made of an intent so far, in order.
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
