//! The parameters that create a payment intent, with Stripe's checks.

use crate::currencies;
use crate::objects::metadata::Metadata;
use crate::objects::payment_intents::{CaptureMethod, Destination, PaymentIntent, Status};
use crate::operations::payment_intents::transfer_data;
use crate::operations::receipt_email::receipt_email;
use crate::operations::{accounts, customers, description, metadata, regions, statement_descriptor};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// The longest description of an intent.
pub(crate) const DESCRIPTION_LENGTH: usize = 1_000;

/// The checked parameters of a new intent.
pub(crate) struct Creation {
    amount: i64,
    currency: String,
    capture_method: CaptureMethod,
    automatic_payment_methods: Option<String>,
    destination: Option<Destination>,
    application_fee_amount: Option<i64>,
    on_behalf_of: Option<String>,
    metadata: Metadata,
    receipt_email: Option<String>,
    description: Option<String>,
    statement_descriptor_suffix: Option<String>,
    transfer_group: Option<String>,
    customer: Option<String>,
    setup_future_usage: Option<&'static str>,
}

impl Creation {
    pub(crate) fn take(request: &Request<'_>, params: &mut Params) -> Result<Self, StripeError> {
        let amount = params.integer("amount")?.ok_or_else(|| StripeError::missing("amount"))?;
        let currency = params.string("currency")?.ok_or_else(|| StripeError::missing("currency"))?;
        let currency = currencies::parse(&currency)?;
        currencies::check_charge(amount, &currency)?;
        let customer = customers::take(request, params)?;
        params.choice("confirmation_method", &["automatic"])?;
        let capture_method = match params.choice("capture_method", &["automatic", "automatic_async"])? {
            Some("automatic") => CaptureMethod::Automatic,
            _ => CaptureMethod::AutomaticAsync,
        };
        let application_fee_amount = params.integer("application_fee_amount")?;
        let on_behalf_of = params.string("on_behalf_of")?;
        if let Some(account) = &on_behalf_of {
            accounts::connected(&request.sandbox.records, account)
                .map_err(|_| StripeError::no_such_param("account", account, "on_behalf_of"))?;
        }
        let settles_in = regions::settlement_currency(request, &currency, on_behalf_of.as_deref());
        currencies::check_minimum(amount, &currency, &settles_in)?;
        let destination = transfer_data::take(request, params, amount)?;
        if let Some(Destination { account, .. }) = &destination {
            regions::check_destination(request, account, on_behalf_of.as_deref())?;
            if let Some(settles) = &on_behalf_of {
                check_on_behalf_of(request, settles, account)?;
            }
        }
        check_application_fee(application_fee_amount, destination.as_ref(), amount)?;
        let mut metadata = Metadata::new();
        metadata::merge(params, &mut metadata)?;
        let automatic_payment_methods = payment_method_types(request, params)?;
        params.ignore(&["payment_method_options", "shipping", "radar_options", "use_stripe_sdk"]);
        Ok(Self {
            amount,
            currency,
            capture_method,
            automatic_payment_methods,
            destination,
            application_fee_amount,
            on_behalf_of,
            metadata,
            receipt_email: receipt_email(params)?.flatten(),
            description: description::take(params, "description", DESCRIPTION_LENGTH)?.flatten(),
            statement_descriptor_suffix: statement_descriptor::take_suffix(params)?,
            transfer_group: params.string("transfer_group")?,
            customer,
            setup_future_usage: params.choice("setup_future_usage", &["on_session", "off_session"])?,
        })
    }

    pub(crate) fn into_intent(
        self,
        request: &Request<'_>,
        id: String,
        client_secret: String,
    ) -> PaymentIntent {
        PaymentIntent {
            id,
            client_secret,
            created: request.now(),
            amount: self.amount,
            amount_received: 0,
            currency: self.currency,
            status: Status::RequiresPaymentMethod,
            capture_method: self.capture_method,
            automatic_payment_methods: self.automatic_payment_methods,
            destination: self.destination,
            application_fee_amount: self.application_fee_amount,
            on_behalf_of: self.on_behalf_of,
            metadata: self.metadata,
            receipt_email: self.receipt_email,
            description: self.description,
            statement_descriptor_suffix: self.statement_descriptor_suffix,
            transfer_group: self.transfer_group,
            customer: self.customer,
            setup_future_usage: self.setup_future_usage.map(str::to_owned),
            card_setup_future_usage: None,
            payment_method: None,
            latest_charge: None,
            last_payment_error: None,
            authentication: None,
            return_url: None,
            base_url: request.sandbox.settings.base_url.clone(),
            canceled_at: None,
            cancellation_reason: None,
        }
    }
}

/// The account in whose country a charge settles is its destination, and can take cards
/// (docs.stripe.com/connect/destination-charges). Stripe's words are not published.
fn check_on_behalf_of(request: &Request<'_>, settles: &str, destination: &str) -> Result<(), StripeError> {
    let refused = |message: &str| StripeError::invalid(message).param("on_behalf_of");
    if settles != destination {
        return Err(refused("The `on_behalf_of` account must be the `transfer_data[destination]`."));
    }
    match accounts::connected(&request.sandbox.records, settles)?.takes_cards() {
        true => Ok(()),
        false => Err(refused(
            "You cannot create a charge with the `on_behalf_of` parameter set to a connected account without the \
             `card_payments` capability enabled.",
        )),
    }
}

pub(crate) fn check_application_fee(
    fee: Option<i64>,
    destination: Option<&Destination>,
    amount: i64,
) -> Result<(), StripeError> {
    let Some(fee) = fee else { return Ok(()) };
    let refuse = |message: &str| Err(StripeError::invalid(message).param("application_fee_amount"));
    match destination {
        None => refuse(
            "Can only apply an application_fee_amount when the PaymentIntent is for a connected account.",
        ),
        Some(Destination { amount: Some(_), .. }) => {
            refuse("You cannot pass both `application_fee_amount` and `transfer_data[amount]`.")
        }
        Some(_) if fee < 0 => refuse("This value must be greater than or equal to 0."),
        Some(_) if fee > amount => {
            refuse("The application fee cannot be larger than the amount of the payment.")
        }
        Some(_) => Ok(()),
    }
}

/// Accepts cards only, and returns `allow_redirects` for automatic payment methods, which are the default.
///
/// Since API version 2026-09-30 Stripe refuses `payment_method_types`, and `allowed_payment_method_types` is in its place
/// (docs.stripe.com/changelog/endive/2026-09-30).
fn payment_method_types(request: &Request<'_>, params: &mut Params) -> Result<Option<String>, StripeError> {
    if params.has("payment_method_types") && request.version.is_since("2026-09-30") {
        return Err(no_payment_method_types());
    }
    let allowed = params.array("allowed_payment_method_types");
    let named = params.array("payment_method_types");
    if !allowed.is_empty() && !named.is_empty() {
        return Err(StripeError::invalid(
            "You may only specify one of these parameters: allowed_payment_method_types, payment_method_types.",
        ));
    }
    let types = if allowed.is_empty() { named } else { allowed };
    let automatic = params.boolean("automatic_payment_methods[enabled]")?;
    let redirects = params.choice("automatic_payment_methods[allow_redirects]", &["always", "never"])?;
    if let Some(other) = types.iter().find(|name| !matches!(name.as_str(), "card" | "link")) {
        return Err(StripeError::invalid(format!(
            "The payment method type \"{other}\" is invalid. Please ensure the provided type is activated in your \
             dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any \
             preview features that you are trying to use."
        ))
        .code("payment_intent_invalid_parameter")
        .param("payment_method_types"));
    }
    if !types.is_empty() && automatic == Some(true) {
        return Err(StripeError::invalid(
            "You may only specify one of these parameters: allowed_payment_method_types, \
             automatic_payment_methods, payment_method_types.",
        ));
    }
    let is_automatic = types.is_empty() && automatic != Some(false);
    Ok(is_automatic.then(|| redirects.unwrap_or("always").to_owned()))
}

fn no_payment_method_types() -> StripeError {
    StripeError::invalid(
        "The parameter `payment_method_types` is no longer supported. Use `allowed_payment_method_types`, \
         `excluded_payment_method_types` or dynamic payment methods instead.",
    )
    .code("payment_method_types_no_longer_supported")
    .param("payment_method_types")
}
