//! What we ask Stripe to move: each refund and each numbered movement once, and only what stands in the row.

use super::items::payment;
use super::{Checked, Invariants, hold};
use crate::table::Table;
use ::payments::{InstructionKind, Payment};
use serde_json::Value;
use stripe_stand_in::Call;

impl Invariants {
    /// After a call took effect that made a refund, a transfer or a reversal.
    pub(super) fn moved(&mut self, table: &Table, call: &Call, object: &Value) -> Checked {
        let named = |name: &str| object["metadata"][name].as_str().map(str::to_owned);
        let (Some(id), Some(of)) = (object["id"].as_str(), named("payment_id")) else { return Ok(()) };
        let what = match object["object"].as_str() {
            Some("refund") if call.path == "/v1/refunds" => named("refund_id"),
            Some("transfer" | "transfer_reversal") => named("move"),
            _ => None,
        };
        let Some(what) = what else { return Ok(()) };
        let is_new = match self.moves.get(&(of.clone(), what.clone())) {
            Some(made) => {
                hold(made == id, || format!("{of} moved {what} twice: {made} and {id}"))?;
                false
            }
            None => self.moves.insert((of.clone(), what.clone()), id.to_owned()).is_none(),
        };
        if !is_new {
            return Ok(());
        }
        let row = table.row(&format!("PAYMENT#{of}"), "STATE").ok_or_else(|| format!("{of} has no row"))?;
        let stands = stands(&payment(row)?, &what, object);
        hold(stands, || format!("{of}: {id} was not written down before it was asked for: {object}"))
    }
}

/// Whether the row has what was asked for, as it was asked for, and waits for its outcome.
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
        kind && decided.number.to_string() == what && decided.amount == amount
    })
}
