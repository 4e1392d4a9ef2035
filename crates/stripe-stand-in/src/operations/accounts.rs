//! Connected accounts (docs.stripe.com/api/accounts), and the platform's own.
//!
//! Each change of an account is reported: of v1 by an event on the account, of v2 by thin events alone.

mod fixture;
pub(crate) mod platform_rules;

pub(crate) use fixture::fixture;

use crate::currencies;
use crate::objects::accounts::controller::Controller;
use crate::objects::accounts::readiness::Readiness;
use crate::objects::accounts::{Account, Kind, Namespace};
use crate::objects::records::Records;
use crate::operations::listing::Listing;
use crate::operations::metadata;
use crate::operations::v2::account_events;
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

/// The platform's own account.
const PLATFORM: &str = "acct_1StandInPlatform0";

/// Countries in which accounts can have `transfers`, `stripe_transfers` in v2.
const WITH_TRANSFERS: &str = "AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IN IT JP LI LT LU LV MT MX \
                              MY NL NO NZ PL PT RO SE SG SI SK TH US";

/// Countries in which Stripe opens no accounts. (There are more.)
const EMBARGOED: [&str; 4] = ["CU", "IR", "KP", "SY"];

/// The platform's application, which accounts are connected to.
pub(crate) const APPLICATION: &str = "ca_StandInApplication";

/// The account, if it is connected to the platform.
pub(crate) fn connected<'r>(records: &'r Records, id: &str) -> Result<&'r Account, StripeError> {
    records
        .accounts
        .get(id)
        .filter(|account| account.is_connected())
        .ok_or_else(|| StripeError::no_such_account(id))
}

/// Checks that the account can be the destination of a payment.
pub(crate) fn may_receive(records: &Records, id: &str) -> Result<(), StripeError> {
    let account = connected(records, id)
        .map_err(|_| StripeError::no_such_param("destination", id, "transfer_data[destination]"))?;
    if account.has_transfers() {
        return Ok(());
    }
    Err(StripeError::invalid(
        "Your destination account needs to have at least one of the following capabilities enabled: transfers, \
         crypto_transfers, legacy_payments",
    )
    .code("insufficient_capabilities_for_transfer")
    .param("transfer_data[destination]")
    .after_execution())
}

pub(crate) fn seed(sandbox: &mut Sandbox, id: &str, country: &str, readiness: Readiness, now_ms: i64) {
    if sandbox.records.accounts.get(id).is_some() {
        return;
    }
    let mut account = Account::new(id, now_ms.div_euclid(1000), Kind::Express, country);
    account.readiness = readiness;
    account.capabilities.insert("transfers".to_owned());
    sandbox.records.accounts.put(id, account);
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let kind = match params.choice("type", &["custom", "express", "standard"])? {
        Some("custom") => Kind::Custom,
        Some("express") => Kind::Express,
        Some(_) => Kind::Standard,
        None => Kind::None,
    };
    if kind != Kind::None && params.has("controller") {
        return Err(StripeError::invalid("You may only specify one of these parameters: type, controller."));
    }
    let controller = Controller::take(&mut params)?;
    let country = params.string("country")?.unwrap_or_else(|| "US".to_owned());
    let mut account = Account::new("", request.now(), kind, &country);
    account.controller = controller;
    if kind == Kind::Standard {
        account.capabilities.extend(["card_payments", "transfers"].map(str::to_owned));
    }
    change(&mut account, &mut params)?;
    params.finish()?;
    platform_rules::check_v1(request, &account.capabilities)?;
    if !is_country_code(&country) || EMBARGOED.contains(&country.as_str()) {
        let message =
            format!("Country '{country}' is unknown. Try using a 2-character alphanumeric country code.");
        return Err(StripeError::invalid(message)
            .code("country_unsupported")
            .param("country")
            .after_execution());
    }
    account.id = request.mint("acct_1", 15);
    let body = account.json();
    request.sandbox.records.accounts.put(&account.id.clone(), account);
    Ok(body)
}

/// A code that ISO 3166-1 can assign to a country: not AA, QM to QZ, XA to XZ or ZZ, which are left to users.
pub(crate) fn is_country_code(country: &str) -> bool {
    let [first, second] = country.as_bytes() else { return false };
    let is_left_to_users = match first {
        b'A' | b'Z' => first == second,
        b'Q' => *second >= b'M',
        b'X' => true,
        _ => false,
    };
    country.bytes().all(|byte| byte.is_ascii_uppercase()) && !is_left_to_users
}

pub(crate) fn may_receive_in(country: &str) -> bool {
    recipient_countries().any(|code| code == country)
}

/// The countries whose accounts can receive transfers.
pub(crate) fn recipient_countries() -> impl Iterator<Item = &'static str> {
    WITH_TRANSFERS.split_whitespace()
}

/// Applies the parameters that creating and updating share.
fn change(account: &mut Account, params: &mut Params) -> Result<(), StripeError> {
    if let Some(email) = params.take("email") {
        account.email = (!email.is_empty()).then_some(email);
    }
    let business_types = ["individual", "company", "non_profit", "government_entity"];
    if let Some(business_type) = params.choice("business_type", &business_types)? {
        account.business_type = Some(business_type.to_owned());
    }
    if let Some(name) = params.take("business_profile[name]") {
        account.business_name = Some(name);
    }
    if let Some(url) = params.take("business_profile[url]") {
        account.business_url = Some(url);
    }
    for (capability, requested) in params.map("capabilities").unwrap_or_default() {
        let name = capability.strip_suffix("][requested").ok_or_else(|| {
            let name = format!("capabilities[{capability}]");
            StripeError::invalid(format!("Received unknown parameter: {name}"))
                .code("parameter_unknown")
                .param(&name)
        })?;
        if requested == "true" {
            account.capabilities.insert(name.to_owned());
        }
    }
    if let Some(currency) = params.string("default_currency")? {
        account.currency = Some(currencies::parse(&currency)?);
    }
    if let Some(date) = params.integer("tos_acceptance[date]")? {
        account.tos_date = Some(date);
    }
    if let Some(ip) = params.string("tos_acceptance[ip]")? {
        account.tos_ip = Some(ip);
    }
    metadata::merge(params, &mut account.metadata)?;
    params.ignore(&[
        "tos_acceptance",
        "business_profile",
        "company",
        "individual",
        "external_account",
        "settings",
        "documents",
        "account_token",
        "groups",
    ]);
    let may_be_ready = account.readiness != Readiness::Rejected;
    if account.kind == Kind::Custom && account.tos_date.is_some() && may_be_ready {
        account.readiness = Readiness::Ready;
    }
    Ok(())
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let before = connected(&request.sandbox.records, id)?.clone();
    let mut account = before.clone();
    change(&mut account, &mut params)?;
    params.finish()?;
    replace(request, &before, account)
}

/// Changes an account's readiness, as Stripe or the account's owner does. A rejected account stays rejected, whatever its
/// owner submits.
pub(crate) fn set_readiness(
    request: &mut Request<'_>,
    id: &str,
    readiness: Readiness,
) -> Result<Value, StripeError> {
    let before = connected(&request.sandbox.records, id)?.clone();
    if before.readiness == Readiness::Rejected {
        return Ok(before.json());
    }
    let after = Account { readiness, ..before.clone() };
    replace(request, &before, after)
}

/// Disconnects an account: for the platform it no longer exists.
pub(crate) fn deauthorize(request: &mut Request<'_>, id: &str) -> Result<Value, StripeError> {
    connected(&request.sandbox.records, id)?;
    if let Some(account) = request.sandbox.records.accounts.get_mut(id) {
        account.deauthorized = true;
    }
    let application = json!({"id": APPLICATION, "object": "application", "name": null});
    let new_event = NewEvent { object: application, previous_attributes: None, account: Some(id.to_owned()) };
    record_event(request, "account.application.deauthorized", new_event);
    Ok(json!({"id": id, "object": "account", "deauthorized": true}))
}

/// Saves the change, and records its events when something differs.
fn replace(request: &mut Request<'_>, before: &Account, after: Account) -> Result<Value, StripeError> {
    let object = after.json();
    let previous_attributes = previous_attributes(before.json(), &object);
    let id = after.id.clone();
    request.sandbox.records.accounts.put(&id, after.clone());
    match after.namespace {
        Namespace::V2 => account_events::changed(request, before, &after),
        Namespace::V1 if previous_attributes.is_some() => {
            let new_event = NewEvent { object: object.clone(), previous_attributes, account: Some(id) };
            record_event(request, "account.updated", new_event);
        }
        Namespace::V1 => {}
    }
    Ok(object)
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    if id == PLATFORM {
        return Ok(platform(request));
    }
    connected(&request.sandbox.records, id).map(Account::json)
}

/// `GET /v1/account`: the platform, or the account that the call is made for.
pub(crate) fn own(request: &mut Request<'_>, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    match &request.account {
        Some(id) => connected(&request.sandbox.records, id).map(Account::json),
        None => Ok(platform(request)),
    }
}

fn platform(request: &Request<'_>) -> Value {
    let mut account = Account::new(PLATFORM, 0, Kind::Standard, request.sandbox.settings.region.country());
    account.readiness = Readiness::Ready;
    account.capabilities.extend(["card_payments", "transfers"].map(str::to_owned));
    let settings = &request.sandbox.settings;
    let mut json = account.json();
    json["charges_enabled"] = settings.account.charges_enabled.into();
    json["settings"]["card_payments"]["statement_descriptor_prefix"] =
        json!(settings.account.statement_descriptor_prefix);
    json["settings"]["payouts"]["schedule"]["interval"] = settings.payouts.to_string().into();
    json
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    params.finish()?;
    if let Some(id) = listing.starting_after() {
        connected(&request.sandbox.records, id)
            .map_err(|_| StripeError::no_such_param("account", id, "starting_after"))?;
    }
    listing.page(
        "/v1/accounts",
        "account",
        request.sandbox.records.accounts.rows(),
        |account| account.created,
        Account::is_connected,
        Account::json,
    )
}

pub(crate) fn delete(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    connected(&request.sandbox.records, id)?;
    close(request, id);
    Ok(json!({"id": id, "object": "account", "deleted": true}))
}

/// Closes an account for good.
pub(crate) fn close(request: &mut Request<'_>, id: &str) {
    let Some(account) = request.sandbox.records.accounts.get_mut(id) else { return };
    account.deleted = true;
    if account.namespace == Namespace::V2 {
        account_events::closed(request, id);
    }
}
