//! Payment intents (docs.stripe.com/api/payment_intents): the record, its JSON, and its endpoints.

use super::metadata::{self, Metadata};
use super::payment_intent_params::{self as given, Confirmation};
use super::payment_methods;
use crate::stripe::auth::Key;
use crate::stripe::books::Request;
use crate::stripe::errors::StripeError;
use crate::stripe::form::Params;
use crate::stripe::listing::{self, Listing};
use crate::stripe::payment;
use crate::stripe::records::Records;
use crate::stripe::search::{self, Clause};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

/// What Stripe shows of an intent to the holder of its client secret.
const FOR_PAGES: [&str; 24] = [
    "id",
    "object",
    "amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "excluded_payment_method_types",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
];

impl PaymentIntent {
    pub(crate) fn is_succeeded(&self) -> bool {
        self.status == Status::Succeeded
    }

    pub(crate) fn json(&self, records: &Records) -> Value {
        let mut intent = json!({
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": self.amount_received,
            "application": null,
            "application_fee_amount": self.application_fee_amount,
            "automatic_payment_methods": self.automatic_payment_methods.as_ref().map(|redirects| {
                json!({"allow_redirects": redirects, "enabled": true})
            }),
            "canceled_at": self.canceled_at,
            "cancellation_reason": self.cancellation_reason,
            "capture_method": self.capture_method,
            "client_secret": self.client_secret,
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "customer": null,
            "customer_account": null,
            "description": self.description,
            "excluded_payment_method_types": null,
            "last_payment_error": self.failure_json(records),
            "latest_charge": self.latest_charge,
            "livemode": false,
            "metadata": self.metadata,
            "next_action": self.next_action_json(),
            "on_behalf_of": self.on_behalf_of,
            "payment_method": self.payment_method,
            "payment_method_configuration_details": null,
        });
        // In two parts: the macro recurses once per field.
        let rest = json!({
            "payment_method_options": {"card": {
                "installments": null,
                "mandate_options": null,
                "network": null,
                "request_three_d_secure": "automatic",
            }},
            "payment_method_types": ["card"],
            "processing": null,
            "receipt_email": self.receipt_email,
            "review": null,
            "setup_future_usage": self.setup_future_usage,
            "shipping": null,
            "source": null,
            "statement_descriptor": self.statement_descriptor,
            "statement_descriptor_suffix": self.statement_descriptor_suffix,
            "status": self.status,
            "transfer_data": self.transfer_data_json(),
            "transfer_group": self.shown_transfer_group(),
        });
        if let (Some(fields), Value::Object(rest)) = (intent.as_object_mut(), rest) {
            fields.extend(rest);
        }
        intent
    }

    /// The whole object for a secret key, the reduced one for a publishable key.
    pub(crate) fn json_for(&self, records: &Records, key: Key) -> Value {
        match (key, self.json(records)) {
            (Key::Publishable, Value::Object(mut fields)) => {
                fields.retain(|name, _| FOR_PAGES.contains(&name.as_str()));
                Value::Object(fields)
            }
            (_, whole) => whole,
        }
    }

    fn transfer_data_json(&self) -> Value {
        let Some(destination) = &self.destination else {
            return Value::Null;
        };
        let mut data = Map::new();
        if let Some(amount) = destination.amount {
            data.insert("amount".into(), amount.into());
        }
        data.insert("destination".into(), destination.account.as_str().into());
        data.into()
    }

    /// With a destination, Stripe groups charge and transfer once the intent is paid.
    fn shown_transfer_group(&self) -> Option<String> {
        let grouped =
            || (self.destination.is_some() && self.is_succeeded()).then(|| format!("group_{}", self.id));
        self.transfer_group.clone().or_else(grouped)
    }

    fn failure_json(&self, records: &Records) -> Value {
        let Some(failure) = &self.last_payment_error else {
            return Value::Null;
        };
        let method = failure.payment_method.as_deref().and_then(|id| records.payment_methods.get(id));
        let mut error = json!({
            "code": failure.code,
            "doc_url": format!("https://stripe.com/docs/error-codes/{}", failure.code.replace('_', "-")),
            "message": failure.message,
            "payment_method": method.map(payment_methods::PaymentMethod::json),
            "type": failure.kind,
        });
        if let Some(decline_code) = &failure.decline_code {
            error["decline_code"] = decline_code.as_str().into();
        }
        if let Some(charge) = &failure.charge {
            error["charge"] = charge.as_str().into();
        }
        error
    }

    fn next_action_json(&self) -> Value {
        let Some(authentication) = &self.authentication else {
            return Value::Null;
        };
        let url = format!("{}/3d_secure/{authentication}", self.base_url);
        match &self.return_url {
            Some(return_url) => {
                json!({"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"})
            }
            None => json!({
                "type": "use_stripe_sdk",
                "use_stripe_sdk": {
                    "source": authentication,
                    "stripe_js": url,
                    "type": "three_d_secure_redirect",
                },
            }),
        }
    }
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let creation = given::Creation::take(request, &mut params)?;
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    let confirmation = Confirmation::take(request, &mut params, confirm)?;
    params.finish()?;
    let payment_method = confirmation.payment_method(request)?;
    if confirm && payment_method.is_none() {
        return Err(given::missing_payment_method());
    }
    let id = request.mint("pi_3", 23);
    let client_secret = request.mint(&format!("{id}_secret_"), 25);
    let mut intent = creation.into_intent(request, id.clone(), client_secret);
    if let Some(method) = &payment_method {
        intent.payment_method = Some(method.clone());
        intent.status = Status::RequiresConfirmation;
    }
    if confirm {
        given::check_return_url(request, &intent, &confirmation)?;
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
    if let Some(email) = given::receipt_email(&mut params)? {
        if let Some(intent) = request.books.records.payment_intents.get_mut(id) {
            intent.receipt_email = email;
        }
    }
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
    given::check_return_url(request, &intent, &confirmation)?;
    let method = confirmation.payment_method(request)?.or(intent.payment_method);
    let method = method.ok_or_else(|| given::missing_payment_method().after_execution())?;
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
    if let Some(refused) = given::Update::take(&mut params, &mut intent)?.refused_in(intent.status) {
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

pub(crate) fn retrieve(
    request: &mut Request<'_>,
    id: &str,
    mut params: Params,
) -> Result<Value, StripeError> {
    open_to(request, id, &mut params)?;
    params.finish()?;
    json_of(request, id)
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    // No intent here has a customer.
    let customer = params.string("customer")?;
    params.finish()?;
    let records = &request.books.records;
    listing.page(
        "/v1/payment_intents",
        "payment_intent",
        records.payment_intents.rows(),
        |intent| intent.created,
        |_| customer.is_none(),
        |intent| intent.json(records),
    )
}

pub(crate) fn search(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let query = params.string("query")?.ok_or_else(|| StripeError::missing("query"))?;
    let limit = listing::limit(&mut params)?;
    let page = params.string("page")?;
    params.finish()?;
    let clauses = search::parse(&query)?;
    let records = &request.books.records;
    let holds = |intent: &PaymentIntent| {
        clauses.iter().all(|clause| match clause {
            Clause::Metadata { key, value } => intent.metadata.get(key) == Some(value),
            Clause::Field { name, value } => match name.as_str() {
                "status" => intent.status.name() == value,
                "currency" => intent.currency.eq_ignore_ascii_case(value),
                _ => intent.amount.to_string() == *value,
            },
        })
    };
    // A page is named by the last id of the one before it.
    let older = |id: &str| page.as_deref().is_none_or(|last| id < last);
    let rows = records.payment_intents.rows().values().rev();
    let mut found: Vec<&PaymentIntent> =
        rows.filter(|intent| older(&intent.id) && holds(intent)).take(limit + 1).collect();
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
