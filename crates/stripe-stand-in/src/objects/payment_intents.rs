//! Payment intents (docs.stripe.com/api/payment_intents): the record, its JSON, and its endpoints.

mod confirmation;
mod creation;
mod json;
mod reads;
mod update;

pub(crate) use reads::{list, retrieve, search};

use super::metadata::{self, Metadata};
use crate::auth::Key;
use crate::books::Request;
use crate::errors::StripeError;
use crate::form::Params;
use crate::payment;
use confirmation::{Confirmation, check_return_url, missing_payment_method};
use creation::{Creation, receipt_email};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use update::Update;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Succeeded,
    Canceled,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled)
    }
}

/// When the money moves. Capture by hand is not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptureMethod {
    Automatic,
    AutomaticAsync,
}

/// Who receives of a charge, and how much; without an amount, all but the application fee.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Destination {
    pub(crate) account: String,
    pub(crate) amount: Option<i64>,
}

/// Why the last attempt failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) kind: String,
    pub(crate) code: String,
    pub(crate) decline_code: Option<String>,
    pub(crate) message: String,
    pub(crate) charge: Option<String>,
    pub(crate) payment_method: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentIntent {
    pub(crate) id: String,
    pub(crate) client_secret: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) amount_received: i64,
    pub(crate) currency: String,
    pub(crate) status: Status,
    pub(crate) capture_method: CaptureMethod,
    /// `automatic_payment_methods[allow_redirects]` where those are enabled.
    pub(crate) automatic_payment_methods: Option<String>,
    pub(crate) destination: Option<Destination>,
    pub(crate) application_fee_amount: Option<i64>,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) receipt_email: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) statement_descriptor: Option<String>,
    pub(crate) statement_descriptor_suffix: Option<String>,
    pub(crate) transfer_group: Option<String>,
    pub(crate) setup_future_usage: Option<String>,
    pub(crate) payment_method: Option<String>,
    pub(crate) latest_charge: Option<String>,
    pub(crate) last_payment_error: Option<Failure>,
    /// The 3-D Secure authentication under way.
    pub(crate) authentication: Option<String>,
    pub(crate) return_url: Option<String>,
    /// Where the payer authenticates, fixed when the intent was made.
    pub(crate) base_url: String,
    pub(crate) canceled_at: Option<i64>,
    pub(crate) cancellation_reason: Option<String>,
}

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
    if let Some(method) = &payment_method {
        intent.payment_method = Some(method.clone());
        intent.status = Status::RequiresConfirmation;
    }
    if confirm {
        check_return_url(request, &intent, &confirmation)?;
    }
    request.books.records.payment_intents.put(&id, intent);
    payment::emit_intent(request, "payment_intent.created", &id);
    if let (true, Some(method)) = (confirm, payment_method) {
        payment::attempt(request, &id, &method, confirmation.presence)?;
    }
    json_of(request, &id)
}

pub(crate) fn confirm(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let intent = open_to(request, id, &mut params)?.clone();
    let confirmation = Confirmation::take(request, &mut params, true)?;
    let email = receipt_email(&mut params)?;
    params.finish()?;
    if intent.status.is_terminal() {
        let why = match intent.status {
            Status::Succeeded => "it has already succeeded after being previously confirmed.".to_owned(),
            other => format!(
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
    if let (Some(email), Some(intent)) = (email, request.books.records.payment_intents.get_mut(id)) {
        intent.receipt_email = email;
    }
    payment::attempt(request, id, &method, confirmation.presence)?;
    json_of(request, id)
}

pub(crate) fn cancel(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let intent = open_to(request, id, &mut params)?.clone();
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
    if let Some(intent) = request.books.records.payment_intents.get_mut(id) {
        intent.status = Status::Canceled;
        intent.canceled_at = Some(now);
        intent.cancellation_reason = reason.map(str::to_owned);
        intent.authentication = None;
    }
    payment::emit_intent(request, "payment_intent.canceled", id);
    json_of(request, id)
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut intent = open_to(request, id, &mut params)?.clone();
    if let Some(refused) = Update::take(&mut params, &mut intent)?.refused_in(intent.status) {
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
        intent.payment_method = Some(method);
        intent.status = Status::RequiresConfirmation;
        intent.authentication = None;
    }
    request.books.records.payment_intents.put(id, intent);
    json_of(request, id)
}

/// The intent, if this key may see it: a publishable key must bring the client secret.
fn open_to<'r>(
    request: &'r Request<'_>,
    id: &str,
    params: &mut Params,
) -> Result<&'r PaymentIntent, StripeError> {
    let given = params.string("client_secret")?;
    let intent = request.books.records.payment_intents.get(id);
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
    let records = &request.books.records;
    let intent = records.payment_intents.get(id);
    let intent = intent.ok_or_else(|| StripeError::no_such("payment_intent", id, "intent"))?;
    Ok(intent.json_for(records, request.key))
}

fn unexpected_state(request: &Request<'_>, intent: &PaymentIntent, message: String) -> StripeError {
    StripeError::invalid(message)
        .code("payment_intent_unexpected_state")
        .object("payment_intent", intent.json_for(&request.books.records, request.key))
        .after_execution()
}
