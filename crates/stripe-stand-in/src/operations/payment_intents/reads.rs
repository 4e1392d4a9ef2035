//! Reading payment intents: one, lists, search.

use crate::objects::payment_intents::PaymentIntent;
use crate::operations::listing::Listing;
use crate::operations::payment_intents::{authorized_intent, json_of};
use crate::operations::search::Clause;
use crate::operations::{listing, search};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

pub(crate) fn retrieve(
    request: &mut Request<'_>,
    id: &str,
    mut params: Params,
) -> Result<Value, StripeError> {
    authorized_intent(request, id, &mut params)?;
    params.finish()?;
    json_of(request, id)
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let customer = params.string("customer")?;
    params.finish()?;
    let records = &request.sandbox.records;
    listing.page(
        "/v1/payment_intents",
        "payment_intent",
        records.payment_intents.rows(),
        |intent| intent.created,
        |intent| customer.is_none() || intent.customer == customer,
        |intent| intent.json(records),
    )
}

pub(crate) fn search(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let query = params.string("query")?.ok_or_else(|| StripeError::missing("query"))?;
    let limit = listing::limit(&mut params)?;
    let page = params.string("page")?;
    params.finish()?;
    let clauses = search::parse(&query)?;
    let records = &request.sandbox.records;
    let matches = |intent: &PaymentIntent| {
        clauses.iter().all(|clause| match clause {
            Clause::Metadata { key, value } => intent.metadata.get(key) == Some(value),
            Clause::Field { name, value } => match name.as_str() {
                "status" => intent.status.name() == value,
                "currency" => intent.currency.eq_ignore_ascii_case(value),
                _ => intent.amount.to_string() == *value,
            },
        })
    };
    // The id of a page is the last object's id of the page before.
    let older = |id: &str| page.as_deref().is_none_or(|last| id < last);
    let rows = records.payment_intents.rows().values().rev();
    let mut found: Vec<&PaymentIntent> =
        rows.filter(|intent| older(&intent.id) && matches(intent)).take(limit + 1).collect();
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok(json!({
        "object": "search_result",
        "url": "/v1/payment_intents/search",
        "has_more": has_more,
        "next_page": found.last().filter(|_| has_more).map(|intent| &intent.id),
        "data": found.iter().map(|intent| intent.json(records)).collect::<Vec<_>>(),
    }))
}
