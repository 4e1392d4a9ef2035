//! An account for tests and demonstrations, by a control of the stand-in and without the API: of the namespace in which the
//! platform can create accounts, ready or before its onboarding.

use crate::currencies;
use crate::objects::accounts::controller::Controller;
use crate::objects::accounts::readiness::Readiness;
use crate::objects::accounts::{Account, Kind, Namespace};
use crate::operations::accounts::may_receive_in;
use crate::operations::metadata;
use crate::operations::v2::account_events;
use crate::state::platform::Platform;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

/// Creates an account, and answers with its id. An account with a given `id` that exists is left unchanged.
pub(crate) fn fixture(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let country = params.string("country")?.ok_or_else(|| StripeError::missing("country"))?;
    if !may_receive_in(&country) {
        let message = format!("An account in '{country}' cannot have transfers.");
        return Err(StripeError::invalid(message).code("country_unsupported").param("country"));
    }
    let currency = params.string("currency")?.map(|code| currencies::parse(&code)).transpose()?;
    let is_ready = params.boolean("ready")?.unwrap_or(true);
    let id = params.string("id")?;
    let mut account = Account::new("", request.now(), Kind::None, &country);
    metadata::merge(&mut params, &mut account.metadata)?;
    params.finish()?;
    if let Some(id) = id.as_ref().filter(|id| request.sandbox.records.accounts.get(id).is_some()) {
        return Ok(json!({"id": id}));
    }
    // Its event names a request, as that of an account created by the API does.
    request.id = Some(request.mint("req_", 14));
    account.id = id.unwrap_or_else(|| request.mint("acct_1", 15));
    account.currency = currency;
    account.readiness = if is_ready { Readiness::Ready } else { Readiness::NeedsOnboarding };
    account.controller = Some(Controller::of("application", "application", "stripe", "express"));
    account.capabilities.insert("transfers".to_owned());
    account.namespace = match request.sandbox.settings.platform {
        Platform::AccountsV1 | Platform::AccountsV1Only => Namespace::V1,
        Platform::AccountsV2 | Platform::NeedsApproval | Platform::Inactive => Namespace::V2,
    };
    if account.namespace == Namespace::V2 {
        account.capabilities.insert("card_payments".to_owned());
    }
    let id = account.id.clone();
    let is_v2 = account.namespace == Namespace::V2;
    request.sandbox.records.accounts.put(&id, account);
    if is_v2 {
        account_events::created(request, &id);
    }
    Ok(json!({"id": id}))
}
