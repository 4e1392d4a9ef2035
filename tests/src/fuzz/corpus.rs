//! The events that are mutated: true ones about payments in every state, and the same as others would have caused them.

use crate::{App, Breakable, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Whose an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Ours,
    /// Of another program, or of another deployment, on the same Stripe account.
    Others,
}

pub(super) struct Corpus {
    pub(super) events: Vec<(Origin, Value)>,
    pub(super) payments: Vec<String>,
}

/// The types of event that are used: others are never looked into.
const USED: [&str; 4] = ["payment_intent.", "charge.", "refund.", "transfer."];

impl Corpus {
    /// Pays, refunds and disputes, and takes Stripe's events; each is delivered first or only mutated, by its turn.
    pub(super) async fn of(stack: &Breakable) -> Self {
        let app = &stack.app;
        let mut payments = Vec::new();
        for (n, card) in CARDS.iter().enumerate() {
            let payment = app.user(&format!("payer-{n}")).created("k").await;
            if let Some(card) = card {
                app.confirm(&payment, card).await;
            }
            payments.push(payment);
        }
        let [paid, refunded, disputed, ..] = &payments[..] else { panic!("payments") };
        for event in app.events().await {
            let intent = &event["data"]["object"]["payment_intent"];
            let is_of = |payment: &Value| *intent == payment["stripe_payment_intent_id"];
            let is_known = |payment: &Value| {
                is_of(payment) || event["data"]["object"]["id"] == payment["stripe_payment_intent_id"]
            };
            if [paid, refunded, disputed].into_iter().any(is_known) {
                assert_eq!(app.deliver(event.to_string()).await.status, 200, "{event}");
            }
        }
        app.reconciled().await;
        let refund = app.user("payer-1").refund(refunded, "r", json!({"amount": 400})).await;
        assert_eq!(refund.status, 202, "{refund:?}");
        by_hand(app, paid).await;
        let ours = app.events().await.into_iter().filter(is_used);
        let account = text(&app.operator().explained("ana").await, "stripe_account_id").to_owned();
        let ours = ours.chain(of_account(&account));
        let ours: Vec<_> = ours.map(|event| (Origin::Ours, event)).collect();
        let others: Vec<_> = ours.iter().map(|(_, event)| (Origin::Others, of_others(event))).collect();
        let payments = payments.iter().map(|payment| text(payment, "payment_id").to_owned()).collect();
        Self { events: ours.into_iter().chain(others).collect(), payments }
    }
}

const CARDS: [Option<&str>; 8] = [
    Some("pm_card_visa"),
    Some("pm_card_visa"),
    Some("pm_card_createDispute"),
    Some("pm_card_visa_chargeDeclined"),
    Some("pm_card_visa"),
    Some("pm_card_createDispute"),
    None,
    None,
];

/// News of a connected account, in both of their forms.
fn of_account(account: &str) -> [Value; 2] {
    let object = json!({"id": account, "object": "account", "payouts_enabled": true});
    let classic = json!({"object": "event", "type": "account.updated", "livemode": false, "created": 1_795_473_855,
        "account": account, "data": {"object": object}});
    let related =
        json!({"id": account, "type": "v2.core.account", "url": format!("/v2/core/accounts/{account}")});
    let thin = json!({"object": "v2.core.event", "type": "v2.core.account.updated", "livemode": false,
        "created": "2026-11-23T22:31:40.000Z", "context": null, "reason": null, "related_object": related});
    [classic, thin]
}

/// A refund of a payment that somebody makes in Stripe's dashboard.
async fn by_hand(app: &App, payment: &Value) {
    let intent = text(payment, "stripe_payment_intent_id");
    let form = [("payment_intent", intent), ("amount", "100"), ("reverse_transfer", "true")];
    let answer = app.stripe(Method::POST, "/v1/refunds", &form).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn is_used(event: &Value) -> bool {
    let kind = text(event, "type");
    USED.iter().any(|family| kind.starts_with(family)) && event.get("account").is_none_or(Value::is_null)
}

/// The same event of another program: no id of it is known here, and its metadata names something else.
fn of_others(event: &Value) -> Value {
    let mut event = event.clone();
    for part in ["data", "account", "related_object"] {
        if let Some(part) = event.get_mut(part) {
            rename(part);
        }
    }
    event
}

fn rename(value: &mut Value) {
    match value {
        Value::String(text) => {
            let is_id = text.len() > 12 && text.contains('_') && text.is_ascii();
            let known = ["pi_", "ch_", "re_", "tr_", "trr_", "txn_", "dp_", "du_", "acct_", "py_", "pay_"];
            if is_id && known.iter().any(|prefix| text.starts_with(prefix)) {
                let foreign: String = text.chars().rev().take(8).collect();
                let prefix = text.split('_').next().unwrap_or_default();
                *text = format!("{prefix}_foreign{foreign}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rename),
        Value::Object(fields) => {
            if let Some(metadata) = fields.get_mut("metadata").filter(|metadata| metadata.is_object()) {
                let deployment = metadata.get("deployment").is_some();
                *metadata = json!({"payment_id": "pay_fedcba9876543210fedcba9876543210", "order": "7"});
                if deployment {
                    metadata["deployment"] = json!("other-stack");
                }
            }
            fields.values_mut().for_each(rename);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
