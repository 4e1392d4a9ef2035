//! Transfers (docs.stripe.com/api/transfers): the destination's share of a charge.

use super::balance_transactions::BalanceTransaction;
use super::metadata::Metadata;
use super::payment_intents::PaymentIntent;
use crate::stripe::books::Request;
use crate::stripe::errors::StripeError;
use crate::stripe::form::Params;
use crate::stripe::listing::Listing;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    created: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) destination: String,
    destination_payment: String,
    source_transaction: String,
    pub(crate) transfer_group: Option<String>,
    balance_transaction: String,
    metadata: Metadata,
}

impl Transfer {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "transfer",
            "amount": self.amount,
            "amount_reversed": 0,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "description": null,
            "destination": self.destination,
            "destination_payment": self.destination_payment,
            "livemode": false,
            "metadata": self.metadata,
            "reversals": {
                "object": "list",
                "data": [],
                "has_more": false,
                "total_count": 0,
                "url": format!("/v1/transfers/{}/reversals", self.id),
            },
            "reversed": false,
            "source_transaction": self.source_transaction,
            "source_type": "card",
            "transfer_group": self.transfer_group,
        })
    }
}

/// Transfers what `transfer_data` names, or all but the application fee. (At Stripe the latter is a transfer
/// of the whole and an application fee taken back; the destination ends up with the same.)
pub(crate) fn of_charge(
    request: &mut Request<'_>,
    intent: &PaymentIntent,
    charge_id: &str,
) -> Option<Transfer> {
    let destination = intent.destination.as_ref()?;
    let fee = intent.application_fee_amount.unwrap_or_default();
    let amount = destination.amount.unwrap_or(intent.amount - fee);
    let id = request.mint("tr_3", 23);
    let transaction_id = request.mint("txn_3", 23);
    let transfer = Transfer {
        id: id.clone(),
        created: request.now(),
        amount,
        currency: intent.currency.clone(),
        destination: destination.account.clone(),
        destination_payment: request.mint("py_1", 23),
        source_transaction: charge_id.to_owned(),
        transfer_group: Some(intent.transfer_group.clone().unwrap_or_else(|| format!("group_{}", intent.id))),
        balance_transaction: transaction_id.clone(),
        metadata: Metadata::new(),
    };
    let transaction = BalanceTransaction::of_transfer(&transaction_id, &transfer, request.now());
    request.books.records.balance_transactions.put(&transaction_id, transaction);
    request.books.records.transfers.put(&id, transfer.clone());
    Some(transfer)
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let transfer = request.books.records.transfers.get(id);
    transfer.map(Transfer::json).ok_or_else(|| StripeError::no_such("transfer", id, "transfer"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let destination = params.string("destination")?;
    let transfer_group = params.string("transfer_group")?;
    params.finish()?;
    listing.page(
        "/v1/transfers",
        "transfer",
        request.books.records.transfers.rows(),
        |transfer| transfer.created,
        |transfer| {
            destination.as_ref().is_none_or(|account| transfer.destination == *account)
                && (transfer_group.is_none() || transfer.transfer_group == transfer_group)
        },
        Transfer::json,
    )
}
