//! The parameters that confirm a payment intent.

use crate::objects::payment_intents::PaymentIntent;
use crate::operations::payment_attempts::ConfirmOptions;
use crate::operations::payment_methods;
use crate::operations::payment_methods::Draft;
use crate::state::request::Request;
use crate::wire::auth::Key;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// The payment method, existing or new, and the options of a confirmation.
pub(crate) struct Confirmation {
    method: Option<String>,
    draft: Option<Draft>,
    pub(crate) options: ConfirmOptions,
    usage: FutureUsage,
}

/// What a payer's consent to save a card makes an element send.
#[derive(Default)]
struct FutureUsage {
    of_any: Option<&'static str>,
    of_cards: Option<&'static str>,
}

impl Confirmation {
    /// Takes the parameters; those of a confirmation are refused unless `confirming`.
    pub(crate) fn take(
        request: &Request<'_>,
        params: &mut Params,
        confirming: bool,
    ) -> Result<Self, StripeError> {
        let method = params.string("payment_method")?;
        let draft = if params.has("payment_method_data") {
            Some(Draft::take(request, params, Some("payment_method_data"))?)
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
        let usage = FutureUsage::take(params, confirming)?;
        if confirming {
            params.ignore(&["payment_method_options", "radar_options", "shipping"]);
        }
        let options = ConfirmOptions {
            off_session,
            error_on_requires_action: params.boolean("error_on_requires_action")?.unwrap_or(false),
            return_url: return_url(params)?,
        };
        Ok(Self { method, draft, options, usage })
    }

    /// Keeps in the intent what the payer agreed to.
    pub(crate) fn agree(&self, intent: &mut PaymentIntent) {
        if let Some(usage) = self.usage.of_any {
            intent.setup_future_usage = Some(usage.to_owned());
        }
        if let Some(usage) = self.usage.of_cards {
            intent.card_setup_future_usage = Some(usage.to_owned());
        }
    }

    /// The id of the given payment method. Each call saves a new one for a draft.
    pub(crate) fn payment_method(&self, request: &mut Request<'_>) -> Result<Option<String>, StripeError> {
        match (&self.method, &self.draft) {
            (Some(id), _) => payment_methods::resolve(request, id).map(Some),
            (None, Some(draft)) => Ok(Some(draft.clone().save(request))),
            (None, None) => Ok(None),
        }
    }
}

impl FutureUsage {
    /// Takes the parameters of a confirmation; `setup_future_usage` of a creation or an update is taken before.
    fn take(params: &mut Params, confirming: bool) -> Result<Self, StripeError> {
        if !confirming {
            return Ok(Self::default());
        }
        let of_any = params.choice("setup_future_usage", &["on_session", "off_session"])?;
        let name = "payment_method_options[card][setup_future_usage]";
        let of_cards = params.choice(name, &["none", "on_session", "off_session"])?;
        Ok(Self { of_any, of_cards })
    }
}

fn return_url(params: &mut Params) -> Result<Option<String>, StripeError> {
    let Some(url) = params.string("return_url")? else {
        return Ok(None);
    };
    // Schemes of apps are allowed; a control character or space would break the redirect's header.
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let valid = scheme.is_some_and(|scheme| !scheme.is_empty() && !scheme.eq_ignore_ascii_case("javascript"))
        && url.bytes().all(|byte| byte.is_ascii_graphic());
    if valid {
        return Ok(Some(url));
    }
    Err(StripeError::invalid("Not a valid URL").code("url_invalid").param("return_url"))
}

/// Requires a `return_url` of a server that confirms with automatic payment methods, which may redirect the payer.
pub(crate) fn check_return_url(
    request: &Request<'_>,
    intent: &PaymentIntent,
    confirmation: &Confirmation,
) -> Result<(), StripeError> {
    let may_redirect = intent.automatic_payment_methods.as_deref() == Some("always");
    if request.key == Key::Publishable || !may_redirect || confirmation.options.return_url.is_some() {
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
