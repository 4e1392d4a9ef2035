//! Disputes (docs.stripe.com/disputes, /api/disputes): opening, withdrawing, reinstating and deciding them.

mod evidence;

pub(crate) use evidence::{close, list, retrieve, update};

use crate::currencies;
use crate::exchange::Conversion;
use crate::objects::balance_transactions::Kind;
use crate::objects::disputes::{Dispute, Status, Verdict};
use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::{balance_transactions, early_fraud_warnings, refunds};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;
use std::collections::BTreeMap;

/// Whether the charge has a chargeback that is open or lost, so that Stripe refuses a refund.
pub(crate) fn blocks_refunds(records: &Records, charge: &str) -> bool {
    let blocks = |dispute: &Dispute| !dispute.status.is_inquiry() && dispute.status != Status::Won;
    records.disputes.rows().values().any(|dispute| dispute.charge == charge && blocks(dispute))
}

/// Closes the inquiries about a charge that was fully refunded.
pub(crate) fn close_inquiries(request: &mut Request<'_>, charge: &str) {
    let about = |it: &&Dispute| it.charge == charge && it.status.is_inquiry();
    let disputes = request.sandbox.records.disputes.rows().values();
    let ids: Vec<String> = disputes.filter(about).map(|dispute| dispute.id.clone()).collect();
    for id in ids {
        set_status(request, &id, "charge.dispute.closed", Status::WarningClosed);
    }
}

/// Opens a dispute of `amount` in the charge's currency, and withdraws it unless it is an inquiry. `None` without a paid
/// charge, or for an amount above the charge's.
pub(crate) fn open(
    request: &mut Request<'_>,
    charge: &str,
    amount: i64,
    reason: &str,
    inquiry: bool,
) -> Option<String> {
    open_in(request, charge, (amount, None), reason, inquiry)
}

/// As [`open`], of what `amount` is worth in another currency: the card's.
fn open_in(
    request: &mut Request<'_>,
    charge_id: &str,
    (amount, currency): (i64, Option<String>),
    reason: &str,
    inquiry: bool,
) -> Option<String> {
    let charge = request.sandbox.records.charges.get(charge_id).filter(|charge| charge.is_paid())?.clone();
    if !(1..=charge.amount).contains(&amount) {
        return None;
    }
    let currency = currency.unwrap_or_else(|| charge.currency.clone());
    let amount = Conversion::at(&charge.currency, &currency, request.now()).convert(amount);
    let id = request.mint("du_1", 23);
    let dispute = Dispute {
        id: id.clone(),
        created: request.now(),
        amount,
        currency,
        charge: charge_id.to_owned(),
        payment_intent: charge.payment_intent.clone(),
        reason: reason.to_owned(),
        status: if inquiry { Status::WarningNeedsResponse } else { Status::NeedsResponse },
        evidence: BTreeMap::new(),
        submissions: 0,
        metadata: Metadata::new(),
        balance_transactions: Vec::new(),
    };
    request.sandbox.records.disputes.put(&id, dispute);
    if let Some(charge) = request.sandbox.records.charges.get_mut(charge_id) {
        charge.dispute = Some(id.clone());
    }
    let object = json_of(request, &id);
    record_event(request, "charge.dispute.created", object);
    early_fraud_warnings::end_action(request, charge_id);
    if !inquiry {
        withdraw(request, &id, amount);
    }
    Some(id)
}

/// Opens a dispute on demand: of `charge`, and optionally an `amount`, or an `inquiry`; in the card's `currency` if given.
pub(crate) fn open_on_demand(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let charge = params.string("charge")?.ok_or_else(|| StripeError::missing("charge"))?;
    let amount = params.integer("amount")?;
    let inquiry = params.boolean("inquiry")?.unwrap_or(false);
    let currency = params.string("currency")?.map(|code| currencies::parse(&code)).transpose()?;
    params.finish()?;
    let whole = request.sandbox.records.charges.get(&charge).map_or(0, |charge| charge.amount);
    let opened = open_in(request, &charge, (amount.unwrap_or(whole), currency), "fraudulent", inquiry);
    let id = opened.ok_or_else(|| StripeError::no_such_param("charge", &charge, "charge"))?;
    Ok(json_of(request, &id))
}

/// Withdraws `amount` from the platform, the first time with Stripe's fee.
pub(crate) fn withdraw(request: &mut Request<'_>, id: &str, amount: i64) {
    let Some(dispute) = request.sandbox.records.disputes.get(id) else {
        return;
    };
    let is_first = dispute.balance_transactions.is_empty();
    let fee = if is_first { Fee::Dispute } else { Fee::None };
    refunds::fail_pending(request, &dispute.charge.clone());
    record_balance_transaction(request, id, Kind::Dispute, -amount, fee);
    record_dispute_event(request, "charge.dispute.funds_withdrawn", id);
}

/// Returns `amount` to the platform.
pub(crate) fn reinstate(request: &mut Request<'_>, id: &str, amount: i64) {
    record_balance_transaction(request, id, Kind::DisputeReversal, amount, Fee::None);
    record_dispute_event(request, "charge.dispute.funds_reinstated", id);
}

fn record_balance_transaction(request: &mut Request<'_>, id: &str, kind: Kind, amount: i64, fee: Fee<'_>) {
    let Some(dispute) = request.sandbox.records.disputes.get(id) else {
        return;
    };
    let (charge, currency) = (dispute.charge.clone(), dispute.currency.clone());
    let word = if amount < 0 { "withdrawal" } else { "reversal" };
    let description = Some(format!("Chargeback {word} for {charge}"));
    let records = &request.sandbox.records;
    let settles_in = balance_transactions::currency_of_charge(records, &charge, &currency).to_owned();
    let new_transaction = NewBalanceTransaction {
        kind,
        amount,
        currency: &currency,
        settles_in: &settles_in,
        fee,
        source: id,
        description,
    };
    let transaction = balance_transactions::record(request, new_transaction);
    if let Some(dispute) = request.sandbox.records.disputes.get_mut(id) {
        dispute.balance_transactions.push(transaction);
    }
}

/// Closes or escalates an open dispute.
pub(crate) fn decide(request: &mut Request<'_>, id: &str, verdict: Verdict) {
    let Some(dispute) = request.sandbox.records.disputes.get(id).filter(|it| !it.status.is_closed()) else {
        return;
    };
    let (inquiry, amount) = (dispute.status.is_inquiry(), dispute.amount);
    let withdrawn = dispute.withdrawn(&request.sandbox.records);
    match (verdict, inquiry) {
        (Verdict::Escalated, true) => {
            set_status(request, id, "charge.dispute.updated", Status::NeedsResponse);
            withdraw(request, id, amount);
        }
        (Verdict::Escalated, false) => {}
        (Verdict::Won | Verdict::Lost, true) => {
            set_status(request, id, "charge.dispute.closed", Status::WarningClosed);
        }
        (Verdict::Won, false) => {
            if withdrawn > 0 {
                reinstate(request, id, withdrawn);
            }
            set_status(request, id, "charge.dispute.closed", Status::Won);
        }
        (Verdict::Lost, false) => set_status(request, id, "charge.dispute.closed", Status::Lost),
    }
}

fn set_status(request: &mut Request<'_>, id: &str, kind: &str, status: Status) {
    change(request, id, kind, |dispute| dispute.status = status);
}

/// Changes a dispute, and records an event of type `kind` when something differs.
fn change(request: &mut Request<'_>, id: &str, kind: &str, change: impl FnOnce(&mut Dispute)) {
    let before = json_of(request, id);
    if let Some(dispute) = request.sandbox.records.disputes.get_mut(id) {
        change(dispute);
    }
    let object = json_of(request, id);
    let previous_attributes = previous_attributes(before, &object);
    if previous_attributes.is_some() {
        record_event(request, kind, NewEvent { object, previous_attributes, account: None });
    }
}

fn record_dispute_event(request: &mut Request<'_>, kind: &str, id: &str) {
    let object = json_of(request, id);
    record_event(request, kind, object);
}

fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.sandbox.records;
    records.disputes.get(id).map_or(Value::Null, |dispute| dispute.json(records))
}
