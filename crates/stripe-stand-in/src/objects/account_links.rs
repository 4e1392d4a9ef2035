//! Links to Stripe's hosted onboarding (docs.stripe.com/api/account_links): for one use, within minutes.

use super::accounts;
use crate::books::Request;
use crate::errors::StripeError;
use crate::form::Params;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long a link can be used, in seconds.
const LIFETIME_S: i64 = 300;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountLink {
    pub(crate) account: String,
    pub(crate) return_url: String,
    pub(crate) refresh_url: String,
    pub(crate) expires_at: i64,
    /// Somebody opened it: it opens for nobody again.
    pub(crate) visited: bool,
    /// Its page was left.
    pub(crate) left: bool,
}

impl AccountLink {
    /// Whether it can still be opened.
    pub(crate) fn opens(&self, now_ms: i64) -> bool {
        !self.visited && now_ms.div_euclid(1000) < self.expires_at
    }

    /// Whether nobody can do anything with it any more. A page that was opened stays open for a day.
    pub(crate) fn is_over(&self, now_ms: i64) -> bool {
        self.left || now_ms.div_euclid(1000) > self.expires_at + 24 * 60 * 60
    }
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = params.string("account")?.ok_or_else(|| StripeError::missing("account"))?;
    let kind = params.choice("type", &["account_onboarding", "account_update"])?;
    let kind = kind.ok_or_else(|| StripeError::missing("type"))?;
    let return_url = address(&mut params, "return_url")?;
    let refresh_url = address(&mut params, "refresh_url")?;
    params.ignore(&["collect", "collection_options"]);
    params.finish()?;
    let known = accounts::known(&request.books.records, &account)?;
    if kind == "account_update" && !known.is_collected_by_platform() {
        let message = "You cannot create `account_update` type Account Links for this account.";
        return Err(StripeError::invalid(message));
    }
    let (created, expires_at) = (request.now(), request.now() + LIFETIME_S);
    let link = AccountLink { account, return_url, refresh_url, expires_at, visited: false, left: false };
    let id = request.mint("", 23);
    request.books.records.account_links.put(&id, link);
    let url = format!("{}/setup/{id}", request.books.settings.base_url);
    Ok(json!({"object": "account_link", "created": created, "expires_at": expires_at, "url": url}))
}

fn address(params: &mut Params, name: &str) -> Result<String, StripeError> {
    let url = params.string(name)?.ok_or_else(|| StripeError::missing(name))?;
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(url);
    }
    Err(StripeError::invalid("Not a valid URL").code("url_invalid").param(name))
}
