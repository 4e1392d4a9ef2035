//! Transfers (docs.stripe.com/api/transfers): reading and changing them.

mod creation;

pub(crate) use creation::{create, of_charge};

use crate::objects::transfers::Transfer;
use crate::operations::listing::Listing;
use crate::operations::metadata;
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

pub(crate) fn find<'r>(request: &'r Request<'_>, id: &str) -> Result<&'r Transfer, StripeError> {
    let transfer = request.sandbox.records.transfers.get(id);
    transfer.ok_or_else(|| StripeError::no_such("transfer", id, "transfer"))
}

pub(crate) fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.sandbox.records;
    records.transfers.get(id).map_or(Value::Null, |transfer| transfer.json(records))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    find(request, id).map(|transfer| transfer.json(&request.sandbox.records))
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut transfer = find(request, id)?.clone();
    let before = json_of(request, id);
    metadata::merge(&mut params, &mut transfer.metadata)?;
    if let Some(text) = params.take("description") {
        transfer.description = (!text.is_empty()).then_some(text);
    }
    params.finish()?;
    request.sandbox.records.transfers.put(id, transfer);
    let object = json_of(request, id);
    let previous_attributes = previous_attributes(before, &object);
    if previous_attributes.is_some() {
        let new_event = NewEvent { object: object.clone(), previous_attributes, account: None };
        record_event(request, "transfer.updated", new_event);
    }
    Ok(object)
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let destination = params.string("destination")?;
    let transfer_group = params.string("transfer_group")?;
    params.finish()?;
    let records = &request.sandbox.records;
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
