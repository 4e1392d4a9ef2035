//! Creation of transfers, by a destination charge or by the platform.

use crate::currencies;
use crate::exchange::Conversion;
use crate::objects::accounts::Account;
use crate::objects::balance_transactions::Kind;
use crate::objects::labels::Labels;
use crate::objects::metadata::Metadata;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::transfers::Transfer;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::transfers::json_of;
use crate::operations::{accounts, balance, balance_transactions, metadata, regions};
use crate::state::event_log::record_event;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// A transfer that is not recorded yet.
struct Draft {
    amount: i64,
    currency: String,
    description: Option<String>,
    destination: String,
    source_transaction: Option<String>,
    transfer_group: Option<String>,
    metadata: Metadata,
    payment: Labels,
}

fn record(request: &mut Request<'_>, draft: Draft) -> String {
    let id = request.mint("tr_3", 23);
    let records = &request.sandbox.records;
    let settles_in = match &draft.source_transaction {
        Some(charge) => balance_transactions::currency_of_charge(records, charge, &draft.currency),
        None => &draft.currency,
    };
    let settles_in = settles_in.to_owned();
    let account = records.accounts.get(&draft.destination);
    let received_in = account.map_or(draft.currency.as_str(), Account::default_currency).to_owned();
    let received = Conversion::at(&draft.currency, &received_in, request.now()).convert(draft.amount);
    let new_transaction = NewBalanceTransaction {
        kind: Kind::Transfer,
        amount: -draft.amount,
        currency: &draft.currency,
        settles_in: &settles_in,
        fee: Fee::None,
        source: &id,
        description: draft.description.clone(),
    };
    let balance_transaction = balance_transactions::record(request, new_transaction);
    let transfer = Transfer {
        id: id.clone(),
        created: request.now(),
        amount: draft.amount,
        amount_reversed: 0,
        received,
        received_in,
        taken_back: 0,
        currency: draft.currency,
        description: draft.description,
        destination: draft.destination,
        destination_payment: request.mint("py_1", 23),
        source_transaction: draft.source_transaction,
        transfer_group: draft.transfer_group,
        balance_transaction,
        metadata: draft.metadata,
        payment: draft.payment,
        reversals: Vec::new(),
    };
    request.sandbox.records.transfers.put(&id, transfer);
    id
}

/// Transfers the amount of `transfer_data`, or all but the application fee. (For the latter, Stripe transfers the whole
/// and takes the fee back; the destination's balance is the same.) The caller records the event.
pub(crate) fn of_charge(
    request: &mut Request<'_>,
    intent: &PaymentIntent,
    charge_id: &str,
) -> Option<String> {
    let destination = intent.destination.as_ref()?;
    let fee = intent.application_fee_amount.unwrap_or_default();
    let group = intent.transfer_group.clone().unwrap_or_else(|| format!("group_{}", intent.id));
    let draft = Draft {
        amount: destination.amount.unwrap_or(intent.amount - fee),
        currency: intent.currency.clone(),
        description: destination.transfer.description.clone(),
        destination: destination.account.clone(),
        source_transaction: Some(charge_id.to_owned()),
        transfer_group: Some(group),
        metadata: destination.transfer.metadata.clone(),
        payment: destination.payment.clone(),
    };
    Some(record(request, draft))
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let currency = params.string("currency")?.ok_or_else(|| StripeError::missing("currency"))?;
    let destination = params.string("destination")?.ok_or_else(|| StripeError::missing("destination"))?;
    let amount = params.integer("amount")?.ok_or_else(|| StripeError::missing("amount"))?;
    let mut draft = Draft {
        amount,
        currency: currencies::parse(&currency)?,
        description: params.take("description").filter(|text| !text.is_empty()),
        destination,
        source_transaction: params.string("source_transaction")?,
        transfer_group: params.string("transfer_group")?,
        metadata: Metadata::new(),
        payment: Labels::default(),
    };
    metadata::merge(&mut params, &mut draft.metadata)?;
    params.choice("source_type", &["card"])?;
    params.finish()?;
    currencies::check_transfer(draft.amount, &draft.currency)?;
    accounts::may_receive(&request.sandbox.records, &draft.destination)
        .map_err(|error| if error.param.is_some() { error.param("destination") } else { error })?;
    regions::check_transfer(request, &draft.destination)?;
    balance::platform_must_have(request, &draft.currency)?;
    let source = draft.source_transaction.clone();
    if source.is_none() {
        balance::platform_must_cover(request, draft.amount, &draft.currency)?;
    }
    if let Some(charge) = source {
        let group = source_group(request, &charge, &draft)?;
        draft.transfer_group = draft.transfer_group.or(group);
    }
    let id = record(request, draft);
    let object = json_of(request, &id);
    record_event(request, "transfer.created", object.clone());
    Ok(object)
}

/// Checks that the charge covers a transfer from it, and returns the charge's transfer group.
fn source_group(
    request: &Request<'_>,
    charge_id: &str,
    draft: &Draft,
) -> Result<Option<String>, StripeError> {
    let records = &request.sandbox.records;
    let refuse =
        |message: String| Err(StripeError::invalid(message).param("source_transaction").after_execution());
    let Some(charge) = records.charges.get(charge_id) else {
        return Err(StripeError::no_such_param("charge", charge_id, "source_transaction"));
    };
    if !charge.is_paid() {
        return refuse(format!("Charge {charge_id} did not succeed, so it cannot be transferred from."));
    }
    let settled_in = balance_transactions::currency_of_charge(records, charge_id, &charge.currency);
    if settled_in != draft.currency {
        return refuse(format!(
            "The currency of source_transaction's balance transaction ({settled_in}) must be the same as the transfer \
             currency ({})",
            draft.currency
        ));
    }
    let of_charge = |transfer: &&Transfer| transfer.source_transaction.as_deref() == Some(charge_id);
    let left = |transfer: &Transfer| transfer.amount - transfer.amount_reversed;
    let transferred: i64 = records.transfers.rows().values().filter(of_charge).map(left).sum();
    if draft.amount > charge.amount - transferred {
        return refuse(format!(
            "Transfers using this transaction as a source must not exceed the source amount of {}.",
            currencies::format_amount(charge.amount, &charge.currency)
        ));
    }
    Ok(charge.transfer_group.clone())
}
