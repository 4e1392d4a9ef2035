//! Customers (docs.stripe.com/api/customers): creating, reading, changing and deleting them.

use crate::objects::customers::Customer;
use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use crate::operations::listing::Listing;
use crate::operations::search::Clause;
use crate::operations::{description, listing, metadata, saved_payment_methods, search};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

/// The longest name, address or description of a customer.
const TEXT_LENGTH: usize = 512;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let mut customer = Customer {
        id: String::new(),
        created: request.now(),
        description: None,
        email: None,
        name: None,
        phone: None,
        metadata: Metadata::new(),
        deleted: false,
    };
    take_fields(&mut params, &mut customer)?;
    params.finish()?;
    let id = request.mint("cus_9", 13);
    customer.id.clone_from(&id);
    let object = customer.json();
    request.sandbox.records.customers.put(&id, customer);
    record_event(request, "customer.created", object.clone());
    Ok(object)
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut customer = existing(&request.sandbox.records, id)?.clone();
    let before = customer.json();
    take_fields(&mut params, &mut customer)?;
    params.finish()?;
    let object = customer.json();
    request.sandbox.records.customers.put(id, customer);
    let previous_attributes = previous_attributes(before, &object);
    let event = NewEvent { object: object.clone(), previous_attributes, account: None };
    record_event(request, "customer.updated", event);
    Ok(object)
}

/// Retrieves a customer, also a deleted one.
pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let customer = request.sandbox.records.customers.get(id);
    customer.map(Customer::json).ok_or_else(|| StripeError::no_such("customer", id, "id"))
}

/// Deletes a customer for good, with what is attached to it.
pub(crate) fn delete(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let last = existing(&request.sandbox.records, id)?.json();
    saved_payment_methods::detach_all(request, id);
    if let Some(customer) = request.sandbox.records.customers.get_mut(id) {
        customer.deleted = true;
    }
    record_event(request, "customer.deleted", last);
    Ok(json!({"id": id, "object": "customer", "deleted": true}))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let email = params.string("email")?;
    params.finish()?;
    listing.page(
        "/v1/customers",
        "customer",
        request.sandbox.records.customers.rows(),
        |customer| customer.created,
        |customer| !customer.deleted && (email.is_none() || customer.email == email),
        Customer::json,
    )
}

pub(crate) fn search(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let query = params.string("query")?.ok_or_else(|| StripeError::missing("query"))?;
    let limit = listing::limit(&mut params)?;
    params.finish()?;
    let clauses = search::parse(&query)?;
    let is_found = |customer: &&Customer| {
        let holds = |clause: &Clause| match clause {
            Clause::Metadata { key, value } => customer.metadata.get(key) == Some(value),
            // Fields of payment intents.
            Clause::Field { .. } => false,
        };
        !customer.deleted && clauses.iter().all(holds)
    };
    let customers = request.sandbox.records.customers.rows().values().rev();
    let found: Vec<Value> = customers.filter(is_found).take(limit).map(Customer::json).collect();
    Ok(json!({
        "object": "search_result",
        "url": "/v1/customers/search",
        "has_more": false,
        "next_page": null,
        "data": found,
    }))
}

/// A customer that a path names.
pub(crate) fn existing<'r>(records: &'r Records, id: &str) -> Result<&'r Customer, StripeError> {
    let customer = records.customers.get(id).filter(|customer| !customer.deleted);
    customer.ok_or_else(|| StripeError::no_such("customer", id, "customer"))
}

/// Takes the parameter `customer`, which names one that is not deleted.
pub(crate) fn take(request: &Request<'_>, params: &mut Params) -> Result<Option<String>, StripeError> {
    let Some(id) = params.string("customer")? else { return Ok(None) };
    match existing(&request.sandbox.records, &id) {
        Ok(_) => Ok(Some(id)),
        Err(_) => Err(StripeError::no_such_param("customer", &id, "customer")),
    }
}

fn take_fields(params: &mut Params, customer: &mut Customer) -> Result<(), StripeError> {
    let texts = [
        ("description", &mut customer.description),
        ("email", &mut customer.email),
        ("name", &mut customer.name),
        ("phone", &mut customer.phone),
    ];
    for (name, field) in texts {
        if let Some(text) = description::take(params, name, TEXT_LENGTH)? {
            *field = text;
        }
    }
    metadata::merge(params, &mut customer.metadata)
}
