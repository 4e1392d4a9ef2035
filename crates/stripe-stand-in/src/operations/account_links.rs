//! Links to Stripe's hosted onboarding (docs.stripe.com/api/account_links): for one use, within minutes.

use crate::objects::account_links::AccountLink;
use crate::operations::accounts;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

/// How long a link can be opened, in seconds.
pub(crate) const LIFETIME_S: i64 = 300;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = params.string("account")?.ok_or_else(|| StripeError::missing("account"))?;
    let kind = params.choice("type", &["account_onboarding", "account_update"])?;
    let kind = kind.ok_or_else(|| StripeError::missing("type"))?;
    let return_url = Some(address(&mut params, "return_url")?);
    let refresh_url = address(&mut params, "refresh_url")?;
    params.ignore(&["collect", "collection_options"]);
    params.finish()?;
    let connected = accounts::connected(&request.sandbox.records, &account)?;
    if kind == "account_update" && !connected.is_collected_by_platform() {
        let message = "You cannot create `account_update` type Account Links for this account.";
        return Err(StripeError::invalid(message));
    }
    let (created, expires_at) = (request.now(), request.now() + LIFETIME_S);
    let link = AccountLink { account, return_url, refresh_url, expires_at, opened: false, used: false };
    let id = request.mint("", 23);
    request.sandbox.records.account_links.put(&id, link);
    let url = format!("{}/setup/{id}", request.sandbox.settings.base_url);
    Ok(json!({"object": "account_link", "created": created, "expires_at": expires_at, "url": url}))
}

fn address(params: &mut Params, name: &str) -> Result<String, StripeError> {
    let url = params.string(name)?.ok_or_else(|| StripeError::missing(name))?;
    check_address(&url, name)?;
    Ok(url)
}

pub(crate) fn check_address(url: &str, name: &str) -> Result<(), StripeError> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(());
    }
    Err(StripeError::invalid("Not a valid URL").code("url_invalid").param(name))
}
