//! Stripe's paths, and the key that each requires.

use crate::operations::{
    account_links, accounts, balance, balance_transactions, charges, country_specs, customer_sessions,
    customers, disputes, early_fraud_warnings, events, login_links, payment_intents, payment_methods,
    payouts, refunds, saved_payment_methods, transfer_reversals, transfers, webhook_endpoints,
};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use http::Method;
use serde_json::Value;

pub(crate) fn execute(
    request: &mut Request<'_>,
    method: &Method,
    path: &str,
    params: Params,
) -> Result<Value, StripeError> {
    let segments: Vec<&str> = path.strip_prefix("/v1/").unwrap_or_default().split('/').collect();
    let route = (method.as_str(), segments.as_slice());
    // A page with a publishable key may retrieve and confirm an intent whose client secret it has, and create a payment
    // method.
    let for_pages = matches!(
        route,
        ("GET", ["payment_intents", _]) | ("POST", ["payment_intents", _, "confirm"] | ["payment_methods"])
    ) && !matches!(segments.as_slice(), [_, "search"]);
    if !for_pages {
        request.key.must_be_secret()?;
    }
    if request.account.is_some()
        && !matches!(
            route,
            ("GET", ["account" | "balance"] | ["charges", _] | ["events", ..]) | (_, ["payouts", ..])
        )
    {
        return Err(StripeError::invalid(
            "The stand-in has no objects of connected accounts: with a Stripe-Account header it answers only \
             GET /v1/account, GET /v1/balance, GET /v1/charges/py_…, GET /v1/events and calls to /v1/payouts.",
        ));
    }
    match route {
        ("POST", ["payment_intents"]) => payment_intents::create(request, params),
        ("GET", ["payment_intents"]) => payment_intents::list(request, params),
        ("GET", ["payment_intents", "search"]) => payment_intents::search(request, params),
        ("GET", ["payment_intents", id]) => payment_intents::retrieve(request, id, params),
        ("POST", ["payment_intents", id]) => payment_intents::update(request, id, params),
        ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(request, id, params),
        ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(request, id, params),
        ("POST", ["payment_methods"]) => payment_methods::create(request, params),
        ("GET", ["payment_methods"]) => saved_payment_methods::list(request, params),
        ("POST", ["payment_methods", id, "detach"]) => saved_payment_methods::detach(request, id, params),
        ("POST", ["customers"]) => customers::create(request, params),
        ("GET", ["customers"]) => customers::list(request, params),
        ("GET", ["customers", "search"]) => customers::search(request, params),
        ("GET", ["customers", id]) => customers::retrieve(request, id, params),
        ("POST", ["customers", id]) => customers::update(request, id, params),
        ("DELETE", ["customers", id]) => customers::delete(request, id, params),
        ("GET", ["customers", id, "payment_methods"]) => saved_payment_methods::list_of(request, id, params),
        ("GET", ["customers", id, "payment_methods", method]) => {
            saved_payment_methods::retrieve_of(request, id, method, params)
        }
        ("POST", ["customer_sessions"]) => customer_sessions::create(request, params),
        ("GET", ["payment_methods", id]) => payment_methods::retrieve(request, id, params),
        ("GET", ["charges"]) => charges::list(request, params),
        ("GET", ["charges", id]) => charges::retrieve(request, id, params),
        ("POST", ["refunds"]) => refunds::create(request, params),
        ("GET", ["refunds"]) => refunds::list(request, params),
        ("GET", ["refunds", id]) => refunds::retrieve(request, id, params),
        ("POST", ["refunds", id]) => refunds::update(request, id, params),
        ("POST", ["refunds", id, "cancel"]) => refunds::cancel(request, id, params),
        ("GET", ["disputes"]) => disputes::list(request, params),
        ("GET", ["disputes", id]) => disputes::retrieve(request, id, params),
        ("POST", ["disputes", id]) => disputes::update(request, id, params),
        ("POST", ["disputes", id, "close"]) => disputes::close(request, id, params),
        ("GET", ["radar", "early_fraud_warnings"]) => early_fraud_warnings::list(request, params),
        ("GET", ["radar", "early_fraud_warnings", id]) => early_fraud_warnings::retrieve(request, id, params),
        ("POST", ["transfers"]) => transfers::create(request, params),
        ("GET", ["transfers"]) => transfers::list(request, params),
        ("GET", ["transfers", id]) => transfers::retrieve(request, id, params),
        ("POST", ["transfers", id]) => transfers::update(request, id, params),
        ("POST", ["transfers", id, "reversals"]) => transfer_reversals::create(request, id, params),
        ("GET", ["transfers", id, "reversals"]) => transfer_reversals::list(request, id, params),
        ("GET", ["transfers", id, "reversals", reversal]) => {
            transfer_reversals::retrieve(request, id, reversal, params)
        }
        ("POST", ["transfers", id, "reversals", reversal]) => {
            transfer_reversals::update(request, id, reversal, params)
        }
        ("POST", ["payouts"]) => payouts::create(request, params),
        ("GET", ["payouts"]) => payouts::list(request, params),
        ("GET", ["payouts", id]) => payouts::retrieve(request, id, params),
        ("POST", ["payouts", id, "reverse"]) => payouts::reverse(request, id, params),
        ("GET", ["balance_transactions"]) => balance_transactions::list(request, params),
        ("GET", ["balance_transactions", id]) => balance_transactions::retrieve(request, id, params),
        ("GET", ["balance"]) => balance::retrieve(request, params),
        ("GET", ["account"]) => accounts::own(request, params),
        ("POST", ["accounts"]) => accounts::create(request, params),
        ("GET", ["accounts"]) => accounts::list(request, params),
        ("GET", ["accounts", id]) => accounts::retrieve(request, id, params),
        ("POST", ["accounts", id]) => accounts::update(request, id, params),
        ("DELETE", ["accounts", id]) => accounts::delete(request, id, params),
        ("POST", ["accounts", id, "login_links"]) => login_links::create(request, id, params),
        ("POST", ["account_links"]) => account_links::create(request, params),
        ("GET", ["events"]) => events::list(request, params),
        ("GET", ["events", id]) => events::retrieve(request, id, params),
        ("GET", ["country_specs", country]) => country_specs::retrieve(request, country, params),
        ("POST", ["webhook_endpoints"]) => webhook_endpoints::create(request, params),
        ("GET", ["webhook_endpoints"]) => webhook_endpoints::list(request, params),
        ("GET", ["webhook_endpoints", id]) => webhook_endpoints::retrieve(request, id, params),
        ("POST", ["webhook_endpoints", id]) => webhook_endpoints::update(request, id, params),
        ("DELETE", ["webhook_endpoints", id]) => webhook_endpoints::delete(request, id, params),
        _ => Err(StripeError::unrecognized_url(method.as_str(), path)),
    }
}
