//! Transfers (docs.stripe.com/api/transfers): the destination's share of a charge, or one by itself.

mod creation;

pub(crate) use creation::{create, of_charge};

use super::metadata::{self, Metadata};
use super::transfer_reversals::TransferReversal;
use crate::books::Request;
use crate::errors::StripeError;
use crate::events::{News, emit, previous_attributes};
use crate::form::Params;
use crate::listing::Listing;
use crate::records::Records;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How many of its reversals a transfer shows; the rest is a list of its own.
const SHOWN_REVERSALS: usize = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    created: i64,
    pub(crate) amount: i64,
    #[serde(default)]
    pub(crate) amount_reversed: i64,
    pub(crate) currency: String,
    #[serde(default)]
    description: Option<String>,
    pub(crate) destination: String,
    destination_payment: String,
    /// `None`: from the platform's balance, for no charge.
    pub(crate) source_transaction: Option<String>,
    pub(crate) transfer_group: Option<String>,
    balance_transaction: String,
    pub(crate) metadata: Metadata,
    /// Oldest first.
    #[serde(default)]
    pub(crate) reversals: Vec<String>,
}

impl Transfer {
    pub(crate) fn json(&self, records: &Records) -> Value {
        let newest = self.reversals.iter().rev().take(SHOWN_REVERSALS);
        let reversals: Vec<Value> =
            newest.filter_map(|id| records.transfer_reversals.get(id).map(TransferReversal::json)).collect();
        json!({
            "id": self.id,
            "object": "transfer",
            "amount": self.amount,
            "amount_reversed": self.amount_reversed,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "destination": self.destination,
            "destination_payment": self.destination_payment,
            "livemode": false,
            "metadata": self.metadata,
            "reversals": {
                "object": "list",
                "data": reversals,
                "has_more": self.reversals.len() > SHOWN_REVERSALS,
                "total_count": self.reversals.len(),
                "url": format!("/v1/transfers/{}/reversals", self.id),
            },
            "reversed": self.amount_reversed == self.amount,
            "source_transaction": self.source_transaction,
            "source_type": "card",
            "transfer_group": self.transfer_group,
        })
    }
}

pub(crate) fn known<'r>(request: &'r Request<'_>, id: &str) -> Result<&'r Transfer, StripeError> {
    let transfer = request.books.records.transfers.get(id);
    transfer.ok_or_else(|| StripeError::no_such("transfer", id, "transfer"))
}

pub(crate) fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.books.records;
    records.transfers.get(id).map_or(Value::Null, |transfer| transfer.json(records))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    known(request, id).map(|transfer| transfer.json(&request.books.records))
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut transfer = known(request, id)?.clone();
    let before = json_of(request, id);
    metadata::merge(&mut params, &mut transfer.metadata)?;
    if let Some(text) = params.take("description") {
        transfer.description = (!text.is_empty()).then_some(text);
    }
    params.finish()?;
    request.books.records.transfers.put(id, transfer);
    let object = json_of(request, id);
    let previous_attributes = previous_attributes(before, &object);
    if previous_attributes.is_some() {
        let news = News { object: object.clone(), previous_attributes, account: None };
        emit(request, "transfer.updated", news);
    }
    Ok(object)
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let destination = params.string("destination")?;
    let transfer_group = params.string("transfer_group")?;
    params.finish()?;
    let records = &request.books.records;
    listing.page(
        "/v1/transfers",
        "transfer",
        records.transfers.rows(),
        |transfer| transfer.created,
        |transfer| {
            destination.as_ref().is_none_or(|account| transfer.destination == *account)
                && (transfer_group.is_none() || transfer.transfer_group == transfer_group)
        },
        |transfer| transfer.json(records),
    )
}
