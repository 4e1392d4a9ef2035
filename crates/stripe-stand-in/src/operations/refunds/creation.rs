//! Checks and effects of a new refund.

use crate::cards::FollowUp;
use crate::currencies;
use crate::exchange::Conversion;
use crate::objects::balance_transactions::Kind;
use crate::objects::charges::Charge;
use crate::objects::metadata::Metadata;
use crate::objects::refunds::{Refund, Status};
use crate::objects::scheduled::Change;
use crate::objects::transfers::Transfer;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::refunds::json_of;
use crate::operations::{
    balance, balance_transactions, charges, disputes, early_fraud_warnings, metadata, transfer_reversals,
};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::state::schedule::schedule;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Time until the bank of a test card decides about a refund, which takes days at a real bank.
const BANK_TAKES_MS: i64 = 3_000;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let charge = charge(request, &mut params)?;
    let amount = params.integer("amount")?;
    let reason = params.choice("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let mut metadata = Metadata::new();
    metadata::merge(&mut params, &mut metadata)?;
    let reverse_transfer = params.boolean("reverse_transfer")?.unwrap_or(false);
    let refund_application_fee = params.boolean("refund_application_fee")?.unwrap_or(false);
    params.finish()?;
    let amount = amount.unwrap_or(charge.amount - charge.amount_refunded);
    check(request, &charge, amount)?;
    if refund_application_fee && charge.application_fee_amount.is_none() {
        let message = format!("Charge {} has no application fee to refund.", charge.id);
        return Err(StripeError::invalid(message).param("refund_application_fee"));
    }
    let reversal = if reverse_transfer { Some(reversal(request, &charge, amount)?) } else { None };
    Ok(record(request, &charge, amount, reason, metadata, reversal))
}

/// The charge to refund, named by its id or its intent's.
fn charge(request: &Request<'_>, params: &mut Params) -> Result<Charge, StripeError> {
    let records = &request.sandbox.records;
    let intent_id = params.string("payment_intent")?;
    let charge_id = params.string("charge")?;
    let intent = match &intent_id {
        Some(id) => {
            let intent = records.payment_intents.get(id);
            Some(intent.ok_or_else(|| StripeError::no_such_param("payment_intent", id, "payment_intent"))?)
        }
        None => None,
    };
    let of_intent = match (intent, &charge_id) {
        (Some(intent), None) => intent.latest_charge.as_ref().filter(|_| intent.is_succeeded()),
        _ => None,
    };
    let charge = match (of_intent.or(charge_id.as_ref()), &intent_id) {
        (Some(id), _) => {
            records.charges.get(id).ok_or_else(|| StripeError::no_such_param("charge", id, "charge"))?
        }
        (None, Some(id)) => {
            return Err(StripeError::invalid(format!(
                "This PaymentIntent ({id}) does not have a successful charge to refund."
            ))
            .param("payment_intent"));
        }
        (None, None) => {
            return Err(StripeError::invalid(
                "One of the following params should be provided for this request: payment_intent or charge.",
            ));
        }
    };
    if intent_id.is_some_and(|id| charge.payment_intent != id) {
        let message = format!("Charge {} does not belong to the given PaymentIntent.", charge.id);
        return Err(StripeError::invalid(message).param("payment_intent"));
    }
    Ok(charge.clone())
}

/// Checks that no more than the rest of the charge is refunded, and nothing of a charge that was charged back. A
/// refusal because of the charge's state is an outcome of executing the request: it is saved for the idempotency key.
fn check(request: &Request<'_>, charge: &Charge, amount: i64) -> Result<(), StripeError> {
    let id = &charge.id;
    if !charge.is_paid() {
        return Err(StripeError::invalid(format!("Charge {id} did not succeed, so it cannot be refunded.")));
    }
    let left = charge.amount - charge.amount_refunded;
    if left == 0 {
        return Err(StripeError::invalid(format!("Charge {id} has already been refunded."))
            .code("charge_already_refunded")
            .after_execution());
    }
    if disputes::blocks_refunds(&request.sandbox.records, id) {
        return Err(StripeError::invalid(format!(
            "Charge {id} has been charged back; cannot issue a refund."
        ))
        .code("charge_disputed")
        .after_execution());
    }
    currencies::check_transfer(amount, &charge.currency)?;
    if amount > left {
        return Err(StripeError::invalid(format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({})",
            currencies::format_amount(amount, &charge.currency),
            currencies::format_amount(left, &charge.currency)
        ))
        .param("amount")
        .after_execution());
    }
    Ok(())
}

/// The transfer to reverse with a refund, and the amount: in proportion to the refunded amount, rounded half up, and
/// the rest once the whole charge is refunded.
fn reversal(request: &Request<'_>, charge: &Charge, amount: i64) -> Result<(Transfer, i64), StripeError> {
    let transfer = charge.transfer.as_ref().and_then(|id| request.sandbox.records.transfers.get(id)).cloned();
    let Some(transfer) = transfer else {
        return Err(StripeError::invalid(format!(
            "Charge {} has no associated transfer to reverse.",
            charge.id
        ))
        .param("reverse_transfer")
        .after_execution());
    };
    let left = transfer.amount - transfer.amount_reversed;
    let whole = i128::from(charge.amount);
    let step = i128::from(currencies::step(&charge.currency));
    let steps = (i128::from(amount) * i128::from(transfer.amount) * 2 + whole * step) / (whole * step * 2);
    let completes = charge.amount_refunded + amount == charge.amount;
    let share = if completes { left } else { i64::try_from(steps * step).unwrap_or(left).min(left) };
    if share > 0 {
        transfer_reversals::check(request, &transfer, share)?;
    }
    Ok((transfer, share))
}

fn record(
    request: &mut Request<'_>,
    charge: &Charge,
    amount: i64,
    reason: Option<&str>,
    metadata: Metadata,
    reversal: Option<(Transfer, i64)>,
) -> Value {
    let before = charge.json(&request.sandbox.records);
    let id = request.mint("re_3", 23);
    let reversed = reversal.filter(|(_, share)| *share > 0).map(|(transfer, share)| {
        transfer_reversals::record(request, &transfer, share, Some(&id), Metadata::new())
    });
    let refund = Refund {
        id: id.clone(),
        created: request.now(),
        amount,
        currency: charge.currency.clone(),
        charge: charge.id.clone(),
        payment_intent: charge.payment_intent.clone(),
        reason: reason.map(str::to_owned),
        status: Status::Pending,
        metadata,
        balance_transaction: None,
        failure_balance_transaction: None,
        failure_reason: None,
        transfer_reversal: reversed,
    };
    request.sandbox.records.refunds.put(&id, refund);
    pay(request, &id);
    if let Some(charge) = request.sandbox.records.charges.get_mut(&charge.id) {
        charge.amount_refunded += amount;
    }
    let object = json_of(request, &id);
    record_event(request, "refund.created", object.clone());
    let after = charges::json_of(request, &charge.id);
    let previous_attributes = previous_attributes(before, &after);
    record_event(request, "charge.refunded", NewEvent { object: after, previous_attributes, account: None });
    if charge.amount_refunded + amount == charge.amount {
        disputes::close_inquiries(request, &charge.id);
        early_fraud_warnings::end_action(request, &charge.id);
    }
    object
}

/// Takes a refund from the platform's balance. Beyond what is available it stays pending
/// (<https://docs.stripe.com/refunds#insufficient-balance>).
pub(super) fn pay(request: &mut Request<'_>, id: &str) {
    let records = &request.sandbox.records;
    let Some(refund) = records.refunds.get(id).cloned() else { return };
    let settles_in =
        balance_transactions::currency_of_charge(records, &refund.charge, &refund.currency).to_owned();
    let taken = Conversion::at(&refund.currency, &settles_in, request.now()).convert(refund.amount);
    if !balance::platform_covers(request, taken, &settles_in) {
        return;
    }
    let new_transaction = NewBalanceTransaction {
        kind: Kind::Refund,
        amount: -refund.amount,
        currency: &refund.currency,
        settles_in: &settles_in,
        fee: Fee::None,
        source: id,
        description: Some(format!("REFUND FOR CHARGE ({})", refund.charge)),
    };
    let transaction = balance_transactions::record(request, new_transaction);
    let records = &request.sandbox.records;
    let card = records.charges.get(&refund.charge).and_then(|charge| charge.card(records));
    let follow_up = card.map_or(FollowUp::Nothing, |card| card.follow_up);
    let pends = follow_up == FollowUp::RefundPends;
    if let Some(refund) = request.sandbox.records.refunds.get_mut(id) {
        refund.balance_transaction = Some(transaction);
        refund.status = if pends { Status::Pending } else { Status::Succeeded };
    }
    if pends {
        schedule(request, BANK_TAKES_MS, Change::CompleteRefund { refund: id.to_owned() });
    } else if follow_up == FollowUp::RefundFails {
        schedule(request, BANK_TAKES_MS, Change::FailRefund { refund: id.to_owned() });
    }
}
