//! Payment intents (docs.stripe.com/api/payment_intents): creating, confirming, changing and canceling them.

mod confirmation;
mod creation;
mod reads;
mod transfer_data;
mod update;

pub(crate) use reads::{list, retrieve, search};

use crate::objects::payment_intents::{PaymentIntent, Status};
use crate::operations::receipt_email::receipt_email;
use crate::operations::{metadata, payment_attempts, saved_payment_methods};
use crate::state::request::Request;
use crate::wire::auth::Key;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use confirmation::{Confirmation, check_return_url, missing_payment_method};
use creation::Creation;
use serde_json::Value;
use update::Update;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let creation = Creation::take(request, &mut params)?;
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    let confirmation = Confirmation::take(request, &mut params, confirm)?;
    params.finish()?;
    let payment_method = confirmation.payment_method(request)?;
    if confirm && payment_method.is_none() {
        return Err(missing_payment_method());
    }
    let id = request.mint("pi_3", 23);
    let client_secret = request.mint(&format!("{id}_secret_"), 25);
    let mut intent = creation.into_intent(request, id.clone(), client_secret);
    confirmation.agree(&mut intent);
    if let Some(method) = &payment_method {
        saved_payment_methods::may_pay(request, method, intent.customer.as_deref())?;
        intent.payment_method = Some(method.clone());
        intent.status = Status::RequiresConfirmation;
    }
    if confirm {
        check_return_url(request, &intent, &confirmation)?;
    }
    request.sandbox.records.payment_intents.put(&id, intent);
    payment_attempts::record_intent_event(request, "payment_intent.created", &id);
    if let (true, Some(method)) = (confirm, payment_method) {
        payment_attempts::attempt(request, &id, &method, confirmation.options)?;
    }
    json_of(request, &id)
}

pub(crate) fn confirm(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let intent = authorized_intent(request, id, &mut params)?.clone();
    let confirmation = Confirmation::take(request, &mut params, true)?;
    let email = receipt_email(&mut params)?;
    params.finish()?;
    if intent.status.is_terminal() {
        let why = match intent.status {
            Status::Succeeded => "it has already succeeded after being previously confirmed.".to_owned(),
            other @ (Status::RequiresPaymentMethod
            | Status::RequiresConfirmation
            | Status::RequiresAction
            | Status::Canceled) => format!(
                "it has a status of {}. Only a PaymentIntent with one of the following statuses may be confirmed: \
                 requires_confirmation, requires_action.",
                other.name()
            ),
        };
        return Err(unexpected_state(
            request,
            &intent,
            format!("You cannot confirm this PaymentIntent because {why}"),
        ));
    }
    check_return_url(request, &intent, &confirmation)?;
    let method = confirmation.payment_method(request)?.or(intent.payment_method);
    let method = method.ok_or_else(|| missing_payment_method().after_execution())?;
    saved_payment_methods::may_pay(request, &method, intent.customer.as_deref())?;
    if let Some(intent) = request.sandbox.records.payment_intents.get_mut(id) {
        confirmation.agree(intent);
        if let Some(email) = email {
            intent.receipt_email = email;
        }
    }
    payment_attempts::attempt(request, id, &method, confirmation.options)?;
    json_of(request, id)
}

pub(crate) fn cancel(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let intent = authorized_intent(request, id, &mut params)?.clone();
    let reason = params
        .choice("cancellation_reason", &["duplicate", "fraudulent", "requested_by_customer", "abandoned"])?;
    params.finish()?;
    if intent.status.is_terminal() {
        let message = format!(
            "You cannot cancel this PaymentIntent because it has a status of {}. Only a PaymentIntent with one of the \
             following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, \
             requires_action, processing.",
            intent.status.name()
        );
        return Err(unexpected_state(request, &intent, message));
    }
    let now = request.now();
    if let Some(intent) = request.sandbox.records.payment_intents.get_mut(id) {
        intent.status = Status::Canceled;
        intent.canceled_at = Some(now);
        intent.cancellation_reason = reason.map(str::to_owned);
        intent.authentication = None;
    }
    payment_attempts::record_intent_event(request, "payment_intent.canceled", id);
    json_of(request, id)
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut intent = authorized_intent(request, id, &mut params)?.clone();
    if let Some(refused) = Update::take(request, &mut params, &mut intent)?.refused_in(intent.status) {
        let message = format!(
            "This PaymentIntent's {refused} could not be updated because it has a status of {}.",
            intent.status.name()
        );
        return Err(unexpected_state(request, &intent, message));
    }
    metadata::merge(&mut params, &mut intent.metadata)?;
    let confirmation = Confirmation::take(request, &mut params, false)?;
    params.finish()?;
    if let Some(method) = confirmation.payment_method(request)? {
        saved_payment_methods::may_pay(request, &method, intent.customer.as_deref())?;
        intent.payment_method = Some(method);
        intent.status = Status::RequiresConfirmation;
        intent.authentication = None;
    }
    request.sandbox.records.payment_intents.put(id, intent);
    json_of(request, id)
}

/// The intent, if the key may access it: a publishable key requires the client secret.
fn authorized_intent<'r>(
    request: &'r Request<'_>,
    id: &str,
    params: &mut Params,
) -> Result<&'r PaymentIntent, StripeError> {
    let given = params.string("client_secret")?;
    let intent = request.sandbox.records.payment_intents.get(id);
    let intent = intent.ok_or_else(|| StripeError::no_such("payment_intent", id, "intent"))?;
    match given {
        Some(secret) if secret == intent.client_secret => Ok(intent),
        Some(_) => Err(StripeError::invalid(
            "The client_secret provided does not match any associated PaymentIntent on this account.",
        )
        .code("payment_intent_invalid_parameter")
        .param("client_secret")),
        None if request.key == Key::Publishable => Err(StripeError::missing("client_secret")),
        None => Ok(intent),
    }
}

fn json_of(request: &Request<'_>, id: &str) -> Result<Value, StripeError> {
    let records = &request.sandbox.records;
    let intent = records.payment_intents.get(id);
    let intent = intent.ok_or_else(|| StripeError::no_such("payment_intent", id, "intent"))?;
    Ok(intent.json_for(records, request.key))
}

fn unexpected_state(request: &Request<'_>, intent: &PaymentIntent, message: String) -> StripeError {
    StripeError::invalid(message)
        .code("payment_intent_unexpected_state")
        .object("payment_intent", intent.json_for(&request.sandbox.records, request.key))
        .after_execution()
}
