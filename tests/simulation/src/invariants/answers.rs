//! What an answer promises.

use super::items::{payment, text};
use super::{Checked, Invariants, ensure};
use crate::actors::{POST_PAYMENTS, POST_REFUND};
use crate::external_events::PROGRAM;
use crate::gateway::{Invocation, WEBHOOKS};
use crate::table::Table;
use serde_json::Value;

/// The answer under an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CreateAnswer {
    body: String,
    payment: Value,
    intent: Value,
    amounts: [Value; 3],
}

impl Invariants {
    /// After a function's answer.
    pub(crate) fn after_answer(
        &mut self,
        table: &Table,
        invocation: &Invocation,
        status: u16,
        body: &Value,
    ) -> Checked {
        let checked = match (invocation.route, status) {
            (_, 500) => Err("an unexpected failure".to_owned()),
            (WEBHOOKS, 200..=299) => self.accepted(table, &invocation.body),
            (WEBHOOKS, _) => ensure(status >= 500, || "an authentic event is refused".to_owned()),
            (POST_PAYMENTS, 201) => self.created(table, invocation, body),
            (POST_REFUND, 202) => self.refund_accepted(table, body),
            _ => Ok(()),
        };
        checked.map_err(|violation| format!("{} answered {status}: {violation}; {body}", invocation.route))
    }

    /// An accepted refund is in its payment's row.
    fn refund_accepted(&mut self, table: &Table, body: &Value) -> Checked {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (of, id) = (text("payment_id"), text("refund_id"));
        let stored = payment(table, &format!("PAYMENT#{of}"))?;
        let stands = stored.state.refunds.requested.keys().any(|stored| stored.as_str() == id);
        self.accepted.insert((of, id));
        ensure(stands, || "it is not in the row".to_owned())
    }

    /// A created payment is stored, payable by its sender, and the same under the same key.
    fn created(&mut self, table: &Table, invocation: &Invocation, body: &Value) -> Checked {
        let answer = CreateAnswer {
            body: invocation.body.clone(),
            payment: body["payment_id"].clone(),
            intent: body["stripe_payment_intent_id"].clone(),
            amounts: ["amount", "processing_fee", "total"].map(|field| body[field].clone()),
        };
        let key = invocation.header("idempotency-key").unwrap_or_default();
        let caller = (invocation.user().to_owned(), key.to_owned());
        let earlier = self.created.entry(caller).or_insert_with(|| answer.clone());
        ensure(*earlier == answer, || format!("it was {earlier:?} before"))?;
        let id = body["payment_id"].as_str().unwrap_or_default();
        let stored = payment(table, &format!("PAYMENT#{id}"))?;
        let intent_id = body["stripe_payment_intent_id"].as_str().unwrap_or_default();
        let intent = stored.state.intent.as_ref().map(payments::IntentId::as_str);
        ensure(intent == Some(intent_id), || format!("its row has the intent {intent:?}"))?;
        ensure(stored.closed_reason().is_none(), || "it is closed".to_owned())?;
        let named =
            table.row(&format!("INTENT#{intent_id}"), "PAYMENT").and_then(|row| text(row, "payment_id"));
        ensure(named == Some(id), || format!("its intent names {named:?}"))?;
        let intent = self.intents.get(intent_id).ok_or("Stripe has no such intent")?;
        match body["client_secret"].as_str() {
            Some(secret) => ensure(secret == intent.client_secret, || "the secret is another's".to_owned()),
            None => ensure(intent.is_terminal(), || "the intent is open and its secret withheld".to_owned()),
        }
    }

    /// What an accepted event reports is in the row, or the event is parked.
    fn accepted(&self, table: &Table, body: &str) -> Checked {
        let event: Value = serde_json::from_str(body).unwrap_or_default();
        let kind = event["type"].as_str().unwrap_or_default();
        let parked = format!("PARKED_EVENT#{}", event["id"].as_str().unwrap_or_default());
        let object = &event["data"]["object"];
        if table.row(&parked, "DAY").is_some() || !object["metadata"][PROGRAM].is_null() {
            return Ok(());
        }
        let Some(id) =
            object["metadata"]["payment_id"].as_str().filter(|_| kind.starts_with("payment_intent."))
        else {
            return Ok(());
        };
        let state = payment(table, &format!("PAYMENT#{id}"))?.state;
        let attached = state.intent.as_ref().map(payments::IntentId::as_str) == object["id"].as_str();
        ensure(attached, || "its intent is not on the row".to_owned())?;
        // The latest charge can be of an earlier attempt; the error has the charge of this failure.
        let charge = object["last_payment_error"]["charge"].as_str();
        match kind {
            "payment_intent.succeeded" => ensure(state.succeeded, || "the payment is not paid".to_owned()),
            "payment_intent.canceled" => ensure(state.canceled, || "the payment is not canceled".to_owned()),
            "payment_intent.payment_failed" => ensure(
                charge
                    .is_none_or(|charge| state.failed_charges.iter().any(|failed| failed.as_str() == charge)),
                || "the failed charge is not in the row".to_owned(),
            ),
            _ => Ok(()),
        }
    }
}
