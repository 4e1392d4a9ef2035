//! Money after the payment: refunds, disputes and reconciliation, through the API and at Stripe.

use crate::api::text;
use crate::{Answer, App, Breakable, Caller, eventually, ten_dollars};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;

impl App {
    /// A payment of 10 dollars to `ana`, paid with a card and stored as succeeded.
    pub async fn paid(&self, sender: &str, key: &str, card: &str) -> Value {
        let sender = self.user(sender);
        let payment = sender.created(key).await;
        assert_eq!(self.confirm(&payment, card).await.status, 200);
        sender.until_status(&payment, "succeeded").await
    }

    /// The refunds of a payment at Stripe, newest first.
    pub async fn refunds_at_stripe(&self, payment: &Value) -> Vec<Value> {
        let refunds = self.listed("/v1/refunds?limit=100").await;
        let id = text(payment, "payment_id");
        let intents = self.intents().await;
        let is_theirs = |intent: &&Value| intent["metadata"]["payment_id"] == id;
        let intent = intents.iter().find(is_theirs).expect("an intent")["id"].clone();
        refunds.into_iter().filter(|refund| refund["payment_intent"] == intent).collect()
    }

    /// The transfers of a payment at Stripe, oldest first, each as its amount and its reversed amount.
    pub async fn transfers_at_stripe(&self, payment: &Value) -> Vec<(i64, i64)> {
        let path = format!("/v1/transfers?limit=100&transfer_group={}", text(payment, "payment_id"));
        let amount = |transfer: &Value, field: &str| transfer[field].as_i64().expect("an amount");
        let transfers = self.listed(&path).await.into_iter().rev();
        transfers
            .map(|transfer| (amount(&transfer, "amount"), amount(&transfer, "amount_reversed")))
            .collect()
    }

    /// The balances in a payment's ledger other than zero.
    pub async fn balances(&self, payment: &Value) -> BTreeMap<String, i64> {
        let mut balances: BTreeMap<String, i64> = BTreeMap::new();
        for posting in self.postings(payment).await {
            *balances.entry(posting.account).or_default() += posting.amount;
        }
        assert_eq!(balances.values().sum::<i64>(), 0, "{balances:?}");
        balances.retain(|_, balance| *balance != 0);
        balances
    }

    /// Sets the faults of the Stripe stand-in; `{}` ends them.
    ///
    /// # Panics
    /// When they are refused.
    pub async fn chaos(&self, faults: Value) {
        let request = self.request(Method::PUT, "/local/chaos").body(faults.to_string());
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Reconciles until a run is finished, and returns its report.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn reconciled(&self) -> Value {
        loop {
            let run = self.operator().reconcile().await;
            assert_eq!(run.status, 200, "{run:?}");
            if run.body["finished"] == true {
                return run.body;
            }
        }
    }
}

impl Breakable {
    /// A payment of 10 dollars to `ana`, paid with a card, and its events delivered.
    ///
    /// # Panics
    /// When one of them is not accepted.
    pub async fn paid(&self, sender: &str) -> Value {
        let payment = self.app.user(sender).created("k").await;
        assert_eq!(self.app.confirm(&payment, "pm_card_visa").await.status, 200);
        for event in self.app.events().await {
            if event["data"]["object"]["metadata"]["payment_id"] == payment["payment_id"] {
                assert_eq!(self.app.deliver(event.to_string()).await.status, 200, "{event}");
            }
        }
        payment
    }

    /// Runs reconciliation as its schedule does.
    ///
    /// # Panics
    /// When it fails.
    pub async fn reconciled_on_schedule(&self) {
        let reconciled = reconcile_payments::on_schedule(self.reconciler.clone()).await;
        assert!(reconciled.is_ok(), "{:?}", reconciled.err());
    }
}

impl Caller<'_> {
    /// `GET` of a payment.
    pub async fn payment(&self, payment: &Value) -> Answer {
        self.get(&format!("/v1/payments/{}", text(payment, "payment_id"))).await
    }

    /// `POST …/refunds` under a key.
    pub async fn refund(&self, payment: &Value, key: &str, body: Value) -> Answer {
        let path = format!("/v1/payments/{}/refunds", text(payment, "payment_id"));
        Answer::to(self.request(Method::POST, &path).header("idempotency-key", key).json(&body)).await
    }

    /// `GET` of a payment's refunds.
    pub async fn refunds(&self, payment: &Value) -> Answer {
        self.get(&format!("/v1/payments/{}/refunds", text(payment, "payment_id"))).await
    }

    /// One slice of a reconciliation.
    pub async fn reconcile(&self) -> Answer {
        Answer::to(self.request(Method::POST, "/v1/admin/reconciliations")).await
    }

    /// Waits until `holds` is true of a payment.
    pub async fn until(&self, what: &str, payment: &Value, holds: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || Some(self.payment(payment).await.body).filter(|now| holds(now))).await
    }

    /// Tries to pay, and returns the refusal.
    pub async fn refused(&self, key: &str) -> Answer {
        self.pay(key, ten_dollars()).await
    }
}
