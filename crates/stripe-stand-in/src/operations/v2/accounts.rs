//! Accounts of v2 (docs.stripe.com/api/v2/core/accounts).

use crate::objects::accounts::v2_json::Include;
use crate::objects::accounts::{Account, Namespace};
use crate::objects::records::Records;
use crate::operations::accounts as accounts_v1;
use crate::operations::accounts::platform_rules::check_access_to_v2;
use crate::operations::v2::account_events;
use crate::operations::v2::body::{invalid, not_found, read};
use crate::operations::v2::creation::Creation;
use crate::operations::v2::pages::Pages;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde::Deserialize;
use serde_json::Value;

pub(crate) fn create(request: &mut Request<'_>, body: Value) -> Result<Value, StripeError> {
    let creation: Creation = read(body)?;
    let include = creation.include.clone();
    let mut account = creation.into_account(request)?;
    account.id = request.mint("acct_1", 15);
    let id = account.id.clone();
    let answer = account.v2_json(&include);
    request.sandbox.records.accounts.put(&id, account);
    account_events::created(request, &id);
    Ok(answer)
}

pub(crate) fn retrieve(request: &Request<'_>, id: &str, mut query: Params) -> Result<Value, StripeError> {
    let include = included(&mut query)?;
    finish(query)?;
    find(&request.sandbox.records, id).map(|account| account.v2_json(&include))
}

pub(crate) fn list(request: &Request<'_>, mut query: Params) -> Result<Value, StripeError> {
    check_access_to_v2(request)?;
    let pages = Pages::take("/v2/core/accounts", &mut query)?;
    let configurations = query.array("applied_configurations");
    let closed = query.boolean("closed")?.unwrap_or(false);
    finish(query)?;
    pages.page(
        request.sandbox.records.accounts.rows(),
        |account| {
            account.namespace == Namespace::V2
                && !account.deauthorized
                && account.deleted == closed
                && configurations.iter().all(|name| account.applied_configurations().contains(&name.as_str()))
        },
        |account| account.v2_json(&[]),
    )
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    #[serde(default)]
    applied_configurations: Vec<String>,
}

/// Closes an account, of which every configuration must be named.
pub(crate) fn close(request: &mut Request<'_>, id: &str, body: Value) -> Result<Value, StripeError> {
    let Closing { applied_configurations } = read(body)?;
    let applied = find(&request.sandbox.records, id)?.applied_configurations();
    if !applied.iter().all(|name| applied_configurations.iter().any(|given| given == name)) {
        return Err(
            invalid("Every configuration of the account must be given.").param("applied_configurations")
        );
    }
    accounts_v1::close(request, id);
    find(&request.sandbox.records, id).map(|account| account.v2_json(&[]))
}

/// The account, if v2 has it; a closed one too.
pub(crate) fn find<'r>(records: &'r Records, id: &str) -> Result<&'r Account, StripeError> {
    let account = records.accounts.get(id).filter(|account| !account.deauthorized);
    let account = account.ok_or_else(|| not_found("account", id))?;
    match account.namespace {
        Namespace::V2 => Ok(account),
        Namespace::V1 => Err(StripeError::invalid("V1 Account ID cannot be used in V2 Account APIs.")
            .code("v1_account_instead_of_v2_account")),
    }
}

/// `include[0]=…` and the like, or a single `include=…`.
fn included(query: &mut Params) -> Result<Vec<Include>, StripeError> {
    let single = query.string("include")?;
    let names = query.array("include").into_iter().chain(single);
    names.map(|name| read(Value::String(name))).collect()
}

/// Refuses the parameters that are left over.
pub(crate) fn finish(query: Params) -> Result<(), StripeError> {
    query.finish().map_err(|error| error.code("invalid_fields"))
}
