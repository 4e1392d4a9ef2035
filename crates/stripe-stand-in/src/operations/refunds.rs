//! Refunds (docs.stripe.com/api/refunds). Stripe keeps its fee. A refund can fail after it succeeded: the money returns
//! to the platform, but a transfer that was reversed with it stays reversed.

mod creation;

pub(crate) use creation::create;
use creation::pay;

use crate::objects::balance_transactions::Kind;
use crate::objects::refunds::{Refund, Status};
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::listing::Listing;
use crate::operations::{balance_transactions, metadata};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Changes a refund, and records an event of each of `kinds` when something differs.
fn change(request: &mut Request<'_>, id: &str, kinds: &[&str], change: impl FnOnce(&mut Refund)) {
    let before = json_of(request, id);
    if let Some(refund) = request.sandbox.records.refunds.get_mut(id) {
        change(refund);
    }
    record_change(request, id, before, kinds);
}

fn record_change(request: &mut Request<'_>, id: &str, before: Value, kinds: &[&str]) {
    let object = json_of(request, id);
    let previous = previous_attributes(before, &object);
    if previous.is_some() {
        for kind in kinds {
            let new_event =
                NewEvent { object: object.clone(), previous_attributes: previous.clone(), account: None };
            record_event(request, kind, new_event);
        }
    }
}

/// Pays the refunds that wait for the platform's balance, oldest first.
pub(crate) fn pay_waiting(request: &mut Request<'_>) {
    let refunds = request.sandbox.records.refunds.rows().values().filter(|it| it.waits_for_balance());
    let mut ids: Vec<(i64, String)> = refunds.map(|it| (it.created, it.id.clone())).collect();
    ids.sort();
    for (_, id) in ids {
        let before = json_of(request, &id);
        pay(request, &id);
        record_change(request, &id, before, &["refund.updated", "charge.refund.updated"]);
    }
}

/// A pending refund succeeds.
pub(crate) fn complete(request: &mut Request<'_>, id: &str) {
    let pending = |refund: &Refund| refund.status == Status::Pending && refund.balance_transaction.is_some();
    if request.sandbox.records.refunds.get(id).is_some_and(pending) {
        change(request, id, &["refund.updated", "charge.refund.updated"], |refund| {
            refund.status = Status::Succeeded;
        });
    }
}

/// The cardholder's bank sends a refund back: the money returns to the platform, and no longer counts as refunded.
pub(crate) fn fail(request: &mut Request<'_>, id: &str) {
    fail_because(request, id, "unknown");
}

/// Stripe fails the pending refunds of a charge that is disputed
/// (<https://docs.stripe.com/api/refunds/object#refund_object-failure_reason>).
pub(crate) fn fail_pending(request: &mut Request<'_>, charge: &str) {
    let is_pending = |refund: &&Refund| refund.charge == charge && refund.status == Status::Pending;
    let refunds = request.sandbox.records.refunds.rows().values();
    let ids: Vec<String> = refunds.filter(is_pending).map(|refund| refund.id.clone()).collect();
    for id in ids {
        fail_because(request, &id, "charge_for_pending_refund_disputed");
    }
}

fn fail_because(request: &mut Request<'_>, id: &str, reason: &str) {
    let Some(refund) =
        request.sandbox.records.refunds.get(id).filter(|it| it.status != Status::Failed).cloned()
    else {
        return;
    };
    // What waited for the balance was never taken from it.
    let transaction = refund.balance_transaction.as_ref().map(|_| return_to_balance(request, &refund));
    if let Some(charge) = request.sandbox.records.charges.get_mut(&refund.charge) {
        charge.amount_refunded -= refund.amount;
    }
    change(request, id, &["refund.updated", "charge.refund.updated", "refund.failed"], |refund| {
        refund.status = Status::Failed;
        refund.failure_balance_transaction = transaction;
        refund.failure_reason = Some(reason.to_owned());
    });
}

fn return_to_balance(request: &mut Request<'_>, refund: &Refund) -> String {
    let records = &request.sandbox.records;
    let settles_in =
        balance_transactions::currency_of_charge(records, &refund.charge, &refund.currency).to_owned();
    let new_transaction = NewBalanceTransaction {
        kind: Kind::RefundFailure,
        amount: refund.amount,
        currency: &refund.currency,
        settles_in: &settles_in,
        fee: Fee::None,
        source: &refund.id,
        description: Some(format!("REFUND FAILURE FOR CHARGE ({})", refund.charge)),
    };
    balance_transactions::record(request, new_transaction)
}

fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.sandbox.records;
    records.refunds.get(id).map_or(Value::Null, |refund| refund.json(records))
}

fn find<'r>(request: &'r Request<'_>, id: &str) -> Result<&'r Refund, StripeError> {
    request.sandbox.records.refunds.get(id).ok_or_else(|| StripeError::no_such("refund", id, "id"))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    find(request, id).map(|refund| refund.json(&request.sandbox.records))
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut metadata = find(request, id)?.metadata.clone();
    metadata::merge(&mut params, &mut metadata)?;
    params.finish()?;
    change(request, id, &["refund.updated", "charge.refund.updated"], |refund| refund.metadata = metadata);
    Ok(json_of(request, id))
}

/// Refuses: only a refund that waits for bank details can be canceled, and a refund to a card never does.
pub(crate) fn cancel(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let status = find(request, id)?.status.name();
    Err(StripeError::invalid(format!(
        "This refund cannot be canceled because it has a status of {status}. Only a refund with a status of \
         requires_action can be canceled."
    ))
    .after_execution())
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let charge = params.string("charge")?;
    let payment_intent = params.string("payment_intent")?;
    params.finish()?;
    let records = &request.sandbox.records;
    listing.page(
        "/v1/refunds",
        "refund",
        records.refunds.rows(),
        |refund| refund.created,
        |refund| {
            charge.as_ref().is_none_or(|id| refund.charge == *id)
                && payment_intent.as_ref().is_none_or(|id| refund.payment_intent == *id)
        },
        |refund| refund.json(records),
    )
}
