//! Reading charges (docs.stripe.com/api/charges).

use crate::objects::transfers::Transfer;
use crate::operations::listing::Listing;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

pub(crate) fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.sandbox.records;
    records.charges.get(id).map_or(Value::Null, |charge| charge.json(records))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let records = &request.sandbox.records;
    if let Some(account) = &request.account {
        let received = |it: &&Transfer| it.destination == *account && it.destination_payment == id;
        let transfer = records.transfers.rows().values().find(received);
        let transfer = transfer.ok_or_else(|| StripeError::no_such("charge", id, "id"))?;
        return Ok(transfer.destination_payment_json());
    }
    let charge = records.charges.get(id).ok_or_else(|| StripeError::no_such("charge", id, "id"))?;
    Ok(charge.json(records))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let payment_intent = params.string("payment_intent")?;
    let transfer_group = params.string("transfer_group")?;
    params.finish()?;
    let records = &request.sandbox.records;
    listing.page(
        "/v1/charges",
        "charge",
        records.charges.rows(),
        |charge| charge.created,
        |charge| {
            payment_intent.as_ref().is_none_or(|id| charge.payment_intent == *id)
                && (transfer_group.is_none() || charge.transfer_group == transfer_group)
        },
        |charge| charge.json(records),
    )
}
