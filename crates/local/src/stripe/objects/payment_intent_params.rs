//! The parameters of payment intents, checked as Stripe checks them.

use super::metadata::{self, Metadata};
use super::payment_intents::{CaptureMethod, Destination, PaymentIntent, Status};
use super::{accounts, payment_methods};
use crate::stripe::auth::Key;
use crate::stripe::books::Request;
use crate::stripe::currencies;
use crate::stripe::errors::StripeError;
use crate::stripe::form::Params;
use crate::stripe::payment::Presence;

const STATEMENT_DESCRIPTOR_LENGTH: std::ops::RangeInclusive<usize> = 5..=22;

/// What creates an intent.
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
    statement_descriptor: Option<String>,
    statement_descriptor_suffix: Option<String>,
    transfer_group: Option<String>,
    setup_future_usage: Option<&'static str>,
}

impl Creation {
    pub(crate) fn take(request: &Request<'_>, params: &mut Params) -> Result<Self, StripeError> {
        let amount = params.integer("amount")?.ok_or_else(|| StripeError::missing("amount"))?;
        let currency = params.string("currency")?.ok_or_else(|| StripeError::missing("currency"))?;
        let currency = currencies::parse(&currency)?;
        currencies::check_charge(amount, &currency)?;
        if let Some(customer) = params.string("customer")? {
            return Err(StripeError::no_such_param("customer", &customer, "customer"));
        }
        params.choice("confirmation_method", &["automatic"])?;
        let capture_method = match params.choice("capture_method", &["automatic", "automatic_async"])? {
            Some("automatic") => CaptureMethod::Automatic,
            _ => CaptureMethod::AutomaticAsync,
        };
        let application_fee_amount = params.integer("application_fee_amount")?;
        let destination = destination(request, params, amount)?;
        check_application_fee(application_fee_amount, destination.as_ref(), amount)?;
        let on_behalf_of = params.string("on_behalf_of")?;
        if let Some(account) = &on_behalf_of {
            accounts::known(&request.books.records, account)
                .map_err(|_| StripeError::no_such_param("account", account, "on_behalf_of"))?;
        }
        let mut metadata = Metadata::new();
        metadata::merge(params, &mut metadata)?;
        let automatic_payment_methods = payment_method_types(params)?;
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
            description: params.take("description").filter(|text| !text.is_empty()),
            statement_descriptor: statement_descriptor(params, "statement_descriptor")?,
            statement_descriptor_suffix: statement_descriptor(params, "statement_descriptor_suffix")?,
            transfer_group: params.string("transfer_group")?,
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
            statement_descriptor: self.statement_descriptor,
            statement_descriptor_suffix: self.statement_descriptor_suffix,
            transfer_group: self.transfer_group,
            setup_future_usage: self.setup_future_usage.map(str::to_owned),
            payment_method: None,
            latest_charge: None,
            last_payment_error: None,
            authentication: None,
            return_url: None,
            base_url: request.books.settings.base_url.clone(),
            canceled_at: None,
            cancellation_reason: None,
        }
    }
}

fn destination(
    request: &Request<'_>,
    params: &mut Params,
    amount: i64,
) -> Result<Option<Destination>, StripeError> {
    let account = params.string("transfer_data[destination]")?;
    let share = params.integer("transfer_data[amount]")?;
    let Some(account) = account else {
        return match share {
            Some(_) => Err(StripeError::missing("transfer_data[destination]")),
            None => Ok(None),
        };
    };
    check_share(share, amount)?;
    accounts::may_receive(&request.books.records, &account)?;
    Ok(Some(Destination { account, amount: share }))
}

fn check_share(share: Option<i64>, amount: i64) -> Result<(), StripeError> {
    let refuse = |message: &str| Err(StripeError::invalid(message).param("transfer_data[amount]"));
    match share {
        Some(share) if share < 1 => refuse("This value must be greater than or equal to 1."),
        Some(share) if share > amount => {
            refuse("The transfer_data[amount] must be less than or equal to the PaymentIntent amount.")
        }
        _ => Ok(()),
    }
}

fn check_application_fee(
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

/// Cards only; gives `allow_redirects` when the methods are Stripe's choice, which is the default.
fn payment_method_types(params: &mut Params) -> Result<Option<String>, StripeError> {
    let types = params.array("payment_method_types");
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
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.",
        ));
    }
    let chosen_by_stripe = types.is_empty() && automatic != Some(false);
    Ok(chosen_by_stripe.then(|| redirects.unwrap_or("always").to_owned()))
}

/// `Some(None)` removes it.
#[expect(clippy::option_option, reason = "absent, unset and set are three different things in a form")]
pub(crate) fn receipt_email(params: &mut Params) -> Result<Option<Option<String>>, StripeError> {
    match params.take("receipt_email") {
        None => Ok(None),
        Some(email) if email.is_empty() => Ok(Some(None)),
        Some(email) if email.split('@').filter(|part| !part.is_empty()).count() == 2 => Ok(Some(Some(email))),
        Some(email) => Err(StripeError::invalid(format!("Invalid email address: {email}"))
            .code("email_invalid")
            .param("receipt_email")),
    }
}

fn statement_descriptor(params: &mut Params, name: &str) -> Result<Option<String>, StripeError> {
    let Some(text) = params.take(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let length = text.chars().count();
    let fits = if name.ends_with("suffix") {
        length <= *STATEMENT_DESCRIPTOR_LENGTH.end()
    } else {
        STATEMENT_DESCRIPTOR_LENGTH.contains(&length)
    };
    if fits && !text.contains(['<', '>', '\\', '\'', '"', '*']) && text.chars().any(char::is_alphabetic) {
        return Ok(Some(text));
    }
    Err(StripeError::invalid(
        "The statement descriptor must be 5 to 22 characters long, contain a letter, and none of < > \\ ' \" *.",
    )
    .param(name))
}

/// What confirms an intent: with what, and how the payer is there.
pub(crate) struct Confirmation {
    method: Option<String>,
    draft: Option<payment_methods::Draft>,
    pub(crate) presence: Presence,
}

impl Confirmation {
    /// Parameters that only make sense when the intent is being confirmed are refused otherwise.
    pub(crate) fn take(
        request: &Request<'_>,
        params: &mut Params,
        confirming: bool,
    ) -> Result<Self, StripeError> {
        let method = params.string("payment_method")?;
        let draft = if params.has("payment_method_data") {
            Some(payment_methods::Draft::take(request, params, Some("payment_method_data"))?)
        } else {
            None
        };
        if method.is_some() && draft.is_some() {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: payment_method, payment_method_data.",
            ));
        }
        let only_confirming = ["return_url", "off_session", "error_on_requires_action", "mandate_data"];
        if let Some(name) = only_confirming.iter().find(|name| !confirming && params.has(name)) {
            let message = format!("The parameter {name} can only be passed when confirm=true.");
            return Err(StripeError::invalid(message).param(name));
        }
        let off_session = match params.take("off_session").as_deref() {
            None | Some("false") => false,
            Some("true" | "one_off" | "recurring") => true,
            Some(_) => return Err(StripeError::invalid("Invalid off_session").param("off_session")),
        };
        params.ignore(&["mandate_data", "expected_payment_method_type", "use_stripe_sdk", "client_context"]);
        if confirming {
            params.ignore(&["payment_method_options", "radar_options", "shipping"]);
        }
        let presence = Presence {
            off_session,
            error_on_requires_action: params.boolean("error_on_requires_action")?.unwrap_or(false),
            return_url: return_url(params)?,
        };
        Ok(Self { method, draft, presence })
    }

    /// The payment method on the books, if one was given. Only once: the draft is booked each time.
    pub(crate) fn payment_method(&self, request: &mut Request<'_>) -> Result<Option<String>, StripeError> {
        match (&self.method, &self.draft) {
            (Some(id), _) => payment_methods::resolve(request, id).map(Some),
            (None, Some(draft)) => Ok(Some(draft.clone().book(request))),
            (None, None) => Ok(None),
        }
    }
}

fn return_url(params: &mut Params) -> Result<Option<String>, StripeError> {
    let Some(url) = params.string("return_url")? else {
        return Ok(None);
    };
    // An app's own scheme is fine; a control character or space would break the redirect's header.
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let valid = scheme.is_some_and(|scheme| !scheme.is_empty() && !scheme.eq_ignore_ascii_case("javascript"))
        && url.bytes().all(|byte| byte.is_ascii_graphic());
    if valid {
        return Ok(Some(url));
    }
    Err(StripeError::invalid("Not a valid URL").code("url_invalid").param("return_url"))
}

/// Methods of Stripe's choice may redirect the payer, so a server that confirms must say where to return to.
pub(crate) fn check_return_url(
    request: &Request<'_>,
    intent: &PaymentIntent,
    confirmation: &Confirmation,
) -> Result<(), StripeError> {
    let may_redirect = intent.automatic_payment_methods.as_deref() == Some("always");
    if request.key == Key::Publishable || !may_redirect || confirmation.presence.return_url.is_some() {
        return Ok(());
    }
    Err(StripeError::invalid(
        "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these \
         payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't \
         want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and \
         `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    ))
}

pub(crate) fn missing_payment_method() -> StripeError {
    StripeError::invalid(
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the \
         PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment \
         method or ConfirmationToken.",
    )
    .code("payment_intent_unexpected_state")
}

/// Which parameters of an update were given that a terminal intent refuses.
pub(crate) struct Update(Option<&'static str>);

impl Update {
    /// Changes `intent`, a copy, as the parameters ask.
    pub(crate) fn take(params: &mut Params, intent: &mut PaymentIntent) -> Result<Self, StripeError> {
        let mut changed = None;
        if let Some(amount) = params.integer("amount")? {
            currencies::check_charge(amount, &intent.currency)?;
            intent.amount = amount;
            changed = Some("amount");
        }
        if let Some(share) = params.integer("transfer_data[amount]")? {
            let Some(destination) = &mut intent.destination else {
                return Err(StripeError::missing("transfer_data[destination]"));
            };
            destination.amount = Some(share);
            changed = Some("transfer_data");
        }
        if let Some(fee) = params.integer("application_fee_amount")? {
            intent.application_fee_amount = Some(fee);
            changed = Some("application_fee_amount");
        }
        let destination = intent.destination.as_ref();
        check_share(destination.and_then(|destination| destination.amount), intent.amount)?;
        check_application_fee(intent.application_fee_amount, destination, intent.amount)?;
        if params.has("payment_method") || params.has("payment_method_data") {
            changed = Some("payment_method");
        }
        if let Some(group) = params.string("transfer_group")? {
            intent.transfer_group = Some(group);
            changed = Some("transfer_group");
        }
        if let Some(text) = params.take("description") {
            intent.description = (!text.is_empty()).then_some(text);
        }
        if let Some(email) = receipt_email(params)? {
            intent.receipt_email = email;
        }
        Ok(Self(changed))
    }

    pub(crate) fn refused_in(&self, status: Status) -> Option<&'static str> {
        self.0.filter(|_| matches!(status, Status::Succeeded | Status::Canceled))
    }
}
