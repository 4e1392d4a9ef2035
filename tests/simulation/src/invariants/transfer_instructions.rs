//! Each refund and each numbered transfer instruction is executed once, and only as the row has it.

use super::items::payment;
use super::{Checked, Invariants, ensure};
use crate::table::Table;
use ::payments::{InstructionKind, Payment};
use serde_json::Value;
use stripe_stand_in::Call;

impl Invariants {
    /// After a call took effect that made a refund, a transfer or a reversal.
    pub(super) fn instruction_executed(&mut self, table: &Table, call: &Call, object: &Value) -> Checked {
        let named = |name: &str| object["metadata"][name].as_str().map(str::to_owned);
        let (Some(id), Some(of)) = (object["id"].as_str(), named("payment_id")) else { return Ok(()) };
        let what = match object["object"].as_str() {
            Some("refund") if call.path == "/v1/refunds" => named("refund_id"),
            Some("transfer" | "transfer_reversal") => named("move"),
            _ => None,
        };
        let Some(what) = what else { return Ok(()) };
        let is_new = match self.executed.get(&(of.clone(), what.clone())) {
            Some(made) => {
                ensure(made == id, || format!("{of} moved {what} twice: {made} and {id}"))?;
                false
            }
            None => self.executed.insert((of.clone(), what.clone()), id.to_owned()).is_none(),
        };
        if !is_new {
            return Ok(());
        }
        let stands = stands(&payment(table, &format!("PAYMENT#{of}"))?, &what, object);
        ensure(stands, || format!("{of}: {id} was not written down before it was asked for: {object}"))
    }
}

/// Whether the row has this instruction, as it was executed, and waits for its outcome.
fn stands(payment: &Payment, what: &str, object: &Value) -> bool {
    let amount = object["amount"].as_i64().unwrap_or_default();
    if object["object"] == "refund" {
        let found = payment.state.refunds.requested.iter().find(|(id, _)| id.as_str() == what);
        return found.is_some_and(|(_, asked)| {
            asked.refused.is_none() && asked.request.creator + asked.request.platform == amount
        });
    }
    payment.state.transfers.outstanding().is_some_and(|decided| {
        let kind = match &decided.kind {
            InstructionKind::Transfer => object["object"] == "transfer",
            InstructionKind::Reversal(transfer) => object["transfer"] == transfer.as_str(),
        };
        let (sent, currency) = decided.sent_amount(payment.terms.chosen.currency());
        kind && decided.number.to_string() == what && sent == amount && object["currency"] == currency.code()
    })
}
