//! The intents at Stripe, as its replies show them.

use super::{Checked, Invariants, ensure};
use crate::external_events::PROGRAM;
use crate::network::Reply;
use crate::table::Table;
use http::Method;
use serde_json::Value;
use std::collections::BTreeMap;
use stripe_stand_in::Call;

#[derive(Debug, Clone)]
pub(crate) struct Intent {
    pub(crate) payment_id: String,
    pub(crate) status: String,
    pub(crate) amount: i64,
    pub(crate) share: i64,
    pub(crate) client_secret: String,
    /// When its status last changed, in Unix seconds, the resolution of events.
    pub(crate) changed_s: i64,
}

impl Intent {
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.status.as_str(), "succeeded" | "canceled")
    }
}

/// When a call took effect.
#[derive(Clone, Copy)]
pub(crate) struct When {
    /// The step in which the calling task began.
    pub(crate) began: usize,
    pub(crate) now_s: i64,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Intents(BTreeMap<String, Intent>);

impl Intents {
    pub(crate) fn get(&self, id: &str) -> Option<&Intent> {
        self.0.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Intent)> {
        self.0.iter().map(|(id, intent)| (id.as_str(), intent))
    }

    /// Records the reply to a call; returns the payment of a new intent.
    fn record(&mut self, object: &Value, is_creation: bool, now_s: i64) -> Option<String> {
        let id = object["id"].as_str()?;
        let status = object["status"].as_str().unwrap_or_default();
        if let Some(intent) = self.0.get_mut(id) {
            // A repeated creation is answered as before under its key, whatever happened since.
            if !is_creation && intent.status != status {
                status.clone_into(&mut intent.status);
                intent.changed_s = now_s;
            }
            return None;
        }
        let text =
            |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let intent = Intent {
            payment_id: text("/metadata/payment_id"),
            status: status.to_owned(),
            amount: object["amount"].as_i64().unwrap_or_default(),
            share: object.pointer("/transfer_data/amount").and_then(Value::as_i64).unwrap_or_default(),
            client_secret: text("/client_secret"),
            changed_s: now_s,
        };
        let payment = intent.payment_id.clone();
        self.0.insert(id.to_owned(), intent);
        Some(payment)
    }
}

impl Invariants {
    /// After a call took effect: a payment has one intent, and none was requested after the creator stopped receiving
    /// or
    /// blocked the sender.
    pub(crate) fn after_stripe_call(
        &mut self,
        table: &Table,
        call: &Call,
        reply: &Reply,
        when: When,
    ) -> Checked {
        let When { began, now_s } = when;
        let body = reply.body();
        if call.method != Method::POST || !body["metadata"][PROGRAM].is_null() {
            return Ok(());
        }
        if reply.status() == 200 {
            self.instruction_executed(table, call, &body)?;
            self.account_called(call, &body)?;
            self.customer_called(call, &body)?;
        }
        let created = match call.path.strip_prefix("/v1/payment_intents") {
            Some(rest) if reply.status() == 200 => self.intents.record(&body, rest.is_empty(), now_s),
            Some(_) => self.intents.record(&body["error"]["payment_intent"], false, now_s),
            None if call.path.starts_with("/3d_secure/") => {
                let intent = serde_json::json!({"id": body["payment_intent"], "status": body["status"]});
                self.intents.record(&intent, false, now_s)
            }
            None => None,
        };
        let Some(payment) = created else { return Ok(()) };
        let intents = self.intents.iter().filter(|(_, intent)| intent.payment_id == payment).count();
        ensure(intents == 1, || format!("{payment} has {intents} intents"))?;
        let row = table.row(&format!("PAYMENT#{payment}"), "STATE");
        let row = row.ok_or_else(|| format!("{payment} has an intent and no row"))?;
        let creator = super::items::text(row, "creator_id").unwrap_or_default();
        let refused = self.refusing_since.get(creator).is_some_and(|since| began > *since);
        ensure(!refused, || format!("{payment} was asked for after {creator} stopped receiving"))?;
        let sender = super::items::text(row, "sender_id").unwrap_or_default();
        let blocks = self.blocking_since.get(&(creator.to_owned(), sender.to_owned())).copied().flatten();
        ensure(blocks.is_none_or(|since| began <= since), || {
            format!("{payment} was asked for after {creator} blocked {sender}")
        })
    }
}
