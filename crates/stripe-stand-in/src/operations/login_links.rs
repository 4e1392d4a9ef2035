//! Login links of v1 (docs.stripe.com/api/accounts/login_link): for accounts with the Express Dashboard alone.

use crate::objects::accounts::Namespace;
use crate::objects::dashboard_links::DashboardLink;
use crate::operations::account_links::LIFETIME_S;
use crate::operations::accounts;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

pub(crate) fn create(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let account = accounts::connected(&request.sandbox.records, id)?;
    if account.namespace != Namespace::V1 || account.controller().dashboard != "express" {
        return Err(StripeError::invalid(format!(
            "Cannot create an edit link for the account {id}, which is not an Express account."
        )));
    }
    if !account.readiness.details_submitted() {
        return Err(StripeError::invalid(
            "Cannot create a login link for an account that has not completed onboarding.",
        ));
    }
    let (created, expires_at) = (request.now(), request.now() + LIFETIME_S);
    let link = DashboardLink { account: id.to_owned(), refresh_url: None, expires_at, opened: false };
    let url = link.put(request);
    Ok(json!({"object": "login_link", "created": created, "url": url}))
}

impl DashboardLink {
    /// Saves the link and returns its address.
    pub(crate) fn put(self, request: &mut Request<'_>) -> String {
        let id = request.mint("", 23);
        request.sandbox.records.dashboard_links.put(&id, self);
        format!("{}/express/{id}", request.sandbox.settings.base_url)
    }
}
