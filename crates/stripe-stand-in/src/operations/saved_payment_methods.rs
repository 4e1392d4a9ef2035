//! Payment methods of customers (docs.stripe.com/api/payment_methods): attached by a payment, listed, detached.

use crate::objects::customer_sessions::CustomerSession;
use crate::objects::payment_methods::PaymentMethod;
use crate::operations::customers;
use crate::operations::listing::Listing;
use crate::state::event_log::record_event;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

const REDISPLAY: [&str; 3] = ["always", "limited", "unspecified"];

/// Lists what is attached to a customer in the path.
pub(crate) fn list_of(
    request: &mut Request<'_>,
    customer: &str,
    params: Params,
) -> Result<Value, StripeError> {
    customers::existing(&request.sandbox.records, customer)?;
    let url = format!("/v1/customers/{customer}/payment_methods");
    page(request, &url, Some(customer), params)
}

/// Lists what is attached to a customer that a parameter names; without one, nothing.
pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let customer = customers::take(request, &mut params)?;
    page(request, "/v1/payment_methods", customer.as_deref(), params)
}

fn page(
    request: &Request<'_>,
    url: &str,
    customer: Option<&str>,
    mut params: Params,
) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    // Cards are the only type here.
    params.choice("type", &["card"])?;
    let redisplay = params.choice("allow_redisplay", &REDISPLAY)?;
    params.finish()?;
    let wanted = |method: &PaymentMethod| {
        customer.is_some()
            && method.customer.as_deref() == customer
            && redisplay.is_none_or(|redisplay| method.allow_redisplay == redisplay)
    };
    let methods = request.sandbox.records.payment_methods.rows();
    listing.page(url, "PaymentMethod", methods, |method| method.created, wanted, PaymentMethod::json)
}

/// Retrieves a payment method of one customer.
pub(crate) fn retrieve_of(
    request: &mut Request<'_>,
    customer: &str,
    id: &str,
    params: Params,
) -> Result<Value, StripeError> {
    params.finish()?;
    customers::existing(&request.sandbox.records, customer)?;
    let method = request.sandbox.records.payment_methods.get(id);
    let method = method.filter(|method| method.customer.as_deref() == Some(customer));
    method.map(PaymentMethod::json).ok_or_else(|| StripeError::no_such("PaymentMethod", id, "payment_method"))
}

pub(crate) fn detach(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let method = request.sandbox.records.payment_methods.get(id);
    let method = method.ok_or_else(|| StripeError::no_such("PaymentMethod", id, "payment_method"))?;
    if method.customer.is_none() {
        let message =
            "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(StripeError::invalid(message));
    }
    Ok(detached(request, id))
}

/// Detaches everything of a customer.
pub(crate) fn detach_all(request: &mut Request<'_>, customer: &str) {
    let methods = request.sandbox.records.payment_methods.rows().values();
    let of_customer = methods.filter(|method| method.customer.as_deref() == Some(customer));
    let ids: Vec<String> = of_customer.map(|method| method.id.clone()).collect();
    for id in ids {
        detached(request, &id);
    }
}

fn detached(request: &mut Request<'_>, id: &str) -> Value {
    let Some(method) = request.sandbox.records.payment_methods.get_mut(id) else { return Value::Null };
    method.customer = None;
    method.spent = true;
    let object = method.json();
    record_event(request, "payment_method.detached", object.clone());
    object
}

/// Whether a payment method may pay an intent of this customer, or of none.
pub(crate) fn may_pay(request: &Request<'_>, id: &str, customer: Option<&str>) -> Result<(), StripeError> {
    let Some(method) = request.sandbox.records.payment_methods.get(id) else { return Ok(()) };
    let refuse = |message: String| Err(StripeError::invalid(message).param("payment_method"));
    match (&method.customer, customer) {
        _ if method.spent => refuse(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared \
             with a connected account without Customer attachment, or was detached from a Customer. It may not be used \
             again. To use a PaymentMethod multiple times, you must attach it to a Customer first."
                .to_owned(),
        ),
        (Some(_), None) => refuse(format!(
            "The PaymentMethod {id} belongs to a Customer. Please include the Customer in the `customer` parameter on the \
             PaymentIntent."
        )),
        (Some(owner), Some(customer)) if owner != customer => refuse(format!(
            "The payment method supplied ({id}) does not belong to the Customer you supplied ({customer})."
        )),
        (_, _) => Ok(()),
    }
}

/// Keeps the payment method of a paid intent for its customer if the payer agreed, or ends its use.
pub(crate) fn after_payment(request: &mut Request<'_>, id: &str, customer: Option<&str>, saves: bool) {
    let Some(method) = request.sandbox.records.payment_methods.get_mut(id) else { return };
    if method.customer.is_some() {
        return;
    }
    let Some(customer) = customer.filter(|_| saves) else {
        method.spent = true;
        return;
    };
    method.customer = Some(customer.to_owned());
    let object = method.json();
    record_event(request, "payment_method.attached", object);
}

/// The payment methods that an element shows for a session, newest first.
pub(crate) fn shown_to(request: &Request<'_>, session: &CustomerSession) -> Vec<Value> {
    let features = &session.features;
    let is_shown = |method: &&PaymentMethod| {
        method.customer.as_deref() == Some(session.customer.as_str())
            && features.allow_redisplay_filters.contains(&method.allow_redisplay)
    };
    let limit = features.redisplay_limit.and_then(|limit| usize::try_from(limit).ok());
    let methods = request.sandbox.records.payment_methods.rows().values().rev();
    methods.filter(is_shown).take(limit.unwrap_or(usize::MAX)).map(PaymentMethod::json).collect()
}
