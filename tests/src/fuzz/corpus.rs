//! The events that are mutated: true ones about payments in every state, and the same as others would have caused them.

use super::payments::Payments;
use crate::{App, Breakable, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whose an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Ours,
    /// Of another program, or of another deployment, on the same Stripe account.
    Others,
}

pub(super) struct Corpus {
    pub(super) events: Vec<(Origin, Value)>,
    /// The ids of the payments whose rows can be read.
    pub(super) payments: Vec<String>,
    /// The ids of our objects, payments and accounts, and the deployment's name.
    names_of_ours: BTreeSet<String>,
}

/// The types of event that are used: others are never looked into.
const USED: [&str; 4] = ["payment_intent.", "charge.", "refund.", "transfer."];
/// How the ids of what others have, too, begin.
const PREFIXES: [&str; 11] =
    ["pi_", "ch_", "py_", "re_", "tr_", "trr_", "txn_", "dp_", "du_", "acct_", "pay_"];

impl Corpus {
    /// Takes Stripe's events about payments in every state, and what others would have made of them.
    pub(super) async fn of(stack: &Breakable) -> Self {
        let app = &stack.app;
        let payments = Payments::make(stack).await;
        let account = text(&app.operator().explained("ana").await, "stripe_account_id").to_owned();
        let ours = all_events(app).await.into_iter().filter(is_used).chain(of_account(&account));
        let ours: Vec<_> = ours.map(|event| (Origin::Ours, event)).collect();
        let mut names_of_ours: BTreeSet<String> = payments.readable.iter().cloned().collect();
        names_of_ours.extend(payments.damaged);
        for (_, event) in &ours {
            each_text(event, &mut |text| {
                if is_id(text) {
                    names_of_ours.insert(text.to_owned());
                }
            });
            names_of_ours.extend(deployment(event));
        }
        let others: Vec<_> = ours.iter().map(|(_, event)| of_others(event)).collect();
        // An account of v1 that no creator has, named by v2.
        let foreign = of_account(&app.ready_account("US").await);
        let others = others.into_iter().chain(foreign).map(|event| (Origin::Others, event));
        let events: Vec<_> = ours.into_iter().chain(others).collect();
        Self { events, payments: payments.readable, names_of_ours }
    }

    /// Whether a value names something of ours anywhere.
    pub(super) fn names_ours(&self, value: &Value) -> bool {
        let mut found = false;
        each_text(value, &mut |text| found |= self.names_of_ours.contains(text));
        found
    }
}

/// Every event of Stripe's list, oldest first.
pub(super) async fn all_events(app: &App) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    loop {
        let after = events.last().map(|event| format!("&starting_after={}", text(event, "id")));
        let page = app.listed(&format!("/stand_in/events?limit=100{}", after.unwrap_or_default())).await;
        let is_last = page.len() < 100;
        events.extend(page);
        if is_last {
            events.reverse();
            return events;
        }
    }
}

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

fn is_used(event: &Value) -> bool {
    let kind = text(event, "type");
    USED.iter().any(|family| kind.starts_with(family)) && event.get("account").is_none_or(Value::is_null)
}

fn deployment(event: &Value) -> Option<String> {
    event["data"]["object"]["metadata"]["deployment"].as_str().map(str::to_owned)
}

fn is_id(text: &str) -> bool {
    text.len() > 12 && text.is_ascii() && PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}

fn each_text(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, take)),
        Value::Object(fields) => fields.values().for_each(|field| each_text(field, take)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
            if is_id(text) {
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
