//! Transfer reversals (docs.stripe.com/api/transfer_reversals), which take money back from a destination.

use crate::currencies;
use crate::exchange::Conversion;
use crate::objects::balance_transactions::Kind;
use crate::objects::metadata::Metadata;
use crate::objects::transfer_reversals::TransferReversal;
use crate::objects::transfers::Transfer;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::listing::Listing;
use crate::operations::{balance, balance_transactions, metadata, transfers};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Checks that `amount` is at most the rest of the transfer, and at most the destination's balance.
pub(crate) fn check(request: &Request<'_>, transfer: &Transfer, amount: i64) -> Result<(), StripeError> {
    let left = transfer.amount - transfer.amount_reversed;
    // A refusal because of the transfer's state is an outcome of executing the request, saved for its idempotency key.
    let refuse = |message: String| Err(StripeError::invalid(message).param("amount").after_execution());
    if left == 0 {
        return refuse(format!("The transfer {} is already fully reversed.", transfer.id));
    }
    currencies::check_transfer(amount, &transfer.currency)?;
    if amount > left {
        return refuse(format!(
            "Transfer reversal amount ({}) is greater than unreversed amount on transfer ({})",
            currencies::format_amount(amount, &transfer.currency),
            currencies::format_amount(left, &transfer.currency)
        ));
    }
    let taken = taken_back(request, transfer, amount);
    balance::must_cover(&request.sandbox.records, &transfer.destination, taken, &transfer.received_in)
}

/// What a reversal takes from the destination's balance: converted at the rate of now, as refunds are.
fn taken_back(request: &Request<'_>, transfer: &Transfer, amount: i64) -> i64 {
    Conversion::at(&transfer.currency, &transfer.received_in, request.now()).convert(amount)
}

/// Records a checked reversal and returns its id.
pub(crate) fn record(
    request: &mut Request<'_>,
    transfer: &Transfer,
    amount: i64,
    source_refund: Option<&str>,
    metadata: Metadata,
) -> String {
    let before = transfer.json(&request.sandbox.records);
    let taken = taken_back(request, transfer, amount);
    let id = request.mint("trr_1", 23);
    let records = &request.sandbox.records;
    let own = Some(transfer.balance_transaction.as_str());
    let settles_in = balance_transactions::currency_of(records, own, &transfer.currency).to_owned();
    let new_transaction = NewBalanceTransaction {
        kind: Kind::TransferReversal,
        amount,
        currency: &transfer.currency,
        settles_in: &settles_in,
        fee: Fee::None,
        source: &id,
        description: None,
    };
    let balance_transaction = balance_transactions::record(request, new_transaction);
    let reversal = TransferReversal {
        id: id.clone(),
        created: request.now(),
        amount,
        currency: transfer.currency.clone(),
        transfer: transfer.id.clone(),
        source_refund: source_refund.map(str::to_owned),
        destination_payment_refund: request.mint("pyr_1", 23),
        balance_transaction,
        metadata,
    };
    request.sandbox.records.transfer_reversals.put(&id, reversal);
    if let Some(transfer) = request.sandbox.records.transfers.get_mut(&transfer.id) {
        transfer.amount_reversed += amount;
        transfer.taken_back += taken;
        transfer.reversals.push(id.clone());
    }
    let object = transfers::json_of(request, &transfer.id);
    let previous_attributes = previous_attributes(before, &object);
    record_event(request, "transfer.reversed", NewEvent { object, previous_attributes, account: None });
    id
}

pub(crate) fn create(
    request: &mut Request<'_>,
    transfer: &str,
    mut params: Params,
) -> Result<Value, StripeError> {
    let transfer = transfers::find(request, transfer)?.clone();
    let amount = params.integer("amount")?;
    let mut metadata = Metadata::new();
    metadata::merge(&mut params, &mut metadata)?;
    // The destination received its share without the application fee, so there is no fee to refund.
    params.boolean("refund_application_fee")?;
    params.ignore(&["description"]);
    params.finish()?;
    let amount = amount.unwrap_or(transfer.amount - transfer.amount_reversed);
    check(request, &transfer, amount)?;
    let id = record(request, &transfer, amount, None, metadata);
    find(request, &transfer.id, &id).map(TransferReversal::json)
}

fn find<'r>(request: &'r Request<'_>, transfer: &str, id: &str) -> Result<&'r TransferReversal, StripeError> {
    let reversal = request.sandbox.records.transfer_reversals.get(id);
    reversal
        .filter(|reversal| reversal.transfer == transfer)
        .ok_or_else(|| StripeError::no_such("transfer reversal", id, "id"))
}

pub(crate) fn retrieve(
    request: &mut Request<'_>,
    transfer: &str,
    id: &str,
    params: Params,
) -> Result<Value, StripeError> {
    params.finish()?;
    find(request, transfer, id).map(TransferReversal::json)
}

pub(crate) fn update(
    request: &mut Request<'_>,
    transfer: &str,
    id: &str,
    mut params: Params,
) -> Result<Value, StripeError> {
    let mut reversal = find(request, transfer, id)?.clone();
    metadata::merge(&mut params, &mut reversal.metadata)?;
    params.finish()?;
    let object = reversal.json();
    request.sandbox.records.transfer_reversals.put(id, reversal);
    Ok(object)
}

pub(crate) fn list(
    request: &mut Request<'_>,
    transfer: &str,
    mut params: Params,
) -> Result<Value, StripeError> {
    transfers::find(request, transfer)?;
    let listing = Listing::take(&mut params)?;
    params.finish()?;
    listing.page(
        &format!("/v1/transfers/{transfer}/reversals"),
        "transfer reversal",
        request.sandbox.records.transfer_reversals.rows(),
        |reversal| reversal.created,
        |reversal| reversal.transfer == transfer,
        TransferReversal::json,
    )
}
