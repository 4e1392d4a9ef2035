//! Cards that a sender keeps: what the sender's app does, and what is at Stripe.

use crate::api::{order, text};
use crate::{Answer, App, Caller};
use reqwest::Method;
use serde_json::{Value, json};

impl Caller<'_> {
    /// Creates a payment of 10 dollars to `ana` that shows saved cards on a page.
    pub async fn pay_with_saved_cards(&self, key: &str) -> Answer {
        let mut body = order("ana", 1_000);
        body["saved_cards"] = json!("web");
        self.pay(key, body).await
    }

    /// The ids of the cards that the caller keeps, newest first.
    ///
    /// # Panics
    /// When they are not listed.
    pub async fn saved_cards(&self) -> Vec<String> {
        let listed = self.get("/v1/payment-methods").await;
        assert_eq!(listed.status, 200, "{listed:?}");
        let cards = listed.body["items"].as_array().into_iter().flatten();
        cards.map(|card| text(card, "payment_method_id").to_owned()).collect()
    }
}

impl App {
    /// Pays with a new Visa card as the Payment Element does when the sender checks its box.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn pay_and_save(&self, payment: &Value) -> String {
        let path = format!("/v1/payment_intents/{}/confirm", text(payment, "stripe_payment_intent_id"));
        let form = [
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][token]", "tok_visa"),
            ("payment_method_data[allow_redisplay]", "always"),
            ("setup_future_usage", "on_session"),
        ];
        let paid = self.stripe(Method::POST, &path, &form).await;
        assert_eq!(paid.status, 200, "{paid:?}");
        text(&paid.body, "payment_method").to_owned()
    }

    /// What an element on the sender's page gets for a customer session's secret.
    pub async fn element(&self, secret: &str) -> Answer {
        self.stripe(Method::GET, &format!("/stand_in/elements?client_secret={secret}"), &[]).await
    }

    /// The ids of a sender's Customers at Stripe.
    pub async fn customers_of(&self, sender: &str) -> Vec<String> {
        let customers = self.listed("/v1/customers?limit=100").await.into_iter();
        let of_sender = customers.filter(|customer| customer["metadata"]["sender_id"] == sender);
        of_sender.map(|customer| text(&customer, "id").to_owned()).collect()
    }
}
