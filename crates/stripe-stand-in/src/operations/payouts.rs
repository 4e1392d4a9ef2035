//! Payouts of connected accounts (docs.stripe.com/api/payouts): the money leaves the account's balance, so no reversal
//! can take it back.

use crate::currencies;
use crate::objects::accounts::readiness::Readiness;
use crate::objects::metadata::Metadata;
use crate::objects::payouts::{DAY_S, FAILURES, Payout, Progress};
use crate::objects::scheduled::Change;
use crate::operations::listing::Listing;
use crate::operations::{accounts, balance, metadata};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::state::schedule::schedule;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// The connected account of the call.
fn account(request: &Request<'_>) -> Result<String, StripeError> {
    request.account.clone().ok_or_else(|| {
        StripeError::invalid(
            "The stand-in has no payouts of the platform: name a connected account in Stripe-Account.",
        )
    })
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = account(request)?;
    let amount = params.integer("amount")?.ok_or_else(|| StripeError::missing("amount"))?;
    let currency = params.string("currency")?.ok_or_else(|| StripeError::missing("currency"))?;
    let currency = currencies::parse(&currency)?;
    let description = params.take("description").filter(|text| !text.is_empty());
    let mut metadata = Metadata::new();
    metadata::merge(&mut params, &mut metadata)?;
    params.choice("method", &["standard"])?;
    params.choice("source_type", &["card"])?;
    params.finish()?;
    currencies::check_transfer(amount, &currency)?;
    balance::must_cover(&request.sandbox.records, &account, amount, &currency)?;
    let id = request.mint("po_1", 23);
    let payout = Payout {
        id: id.clone(),
        created: request.now(),
        account: account.clone(),
        amount,
        currency,
        description,
        metadata,
        progress: Progress::Pending,
    };
    let object = payout.json();
    request.sandbox.records.payouts.put(&id, payout);
    let new_event = NewEvent { object: object.clone(), previous_attributes: None, account: Some(account) };
    record_event(request, "payout.created", new_event);
    schedule(request, DAY_S * 1000, Change::CompletePayout { payout: id });
    Ok(object)
}

/// Marks a payout as paid: the money reached the bank.
pub(crate) fn complete(request: &mut Request<'_>, id: &str) {
    let payout = request.sandbox.records.payouts.get(id);
    if payout.is_some_and(|payout| payout.progress == Progress::Pending) {
        advance(request, id, Progress::Paid, "payout.paid");
    }
}

/// Lets a payout arrive before its time.
pub(crate) fn pay_on_demand(request: &mut Request<'_>, id: &str) -> Result<Value, StripeError> {
    complete(request, id);
    let payout = request.sandbox.records.payouts.get(id);
    payout.map(Payout::json).ok_or_else(|| StripeError::no_such("payout", id, "payout"))
}

/// Fails a payout on demand: `failure_code`, by default `account_closed`. A bank can also send back what was shown as paid.
/// The account gets its money back, and Stripe pays out no more until the owner enters another bank account.
pub(crate) fn fail(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let codes = FAILURES.map(|(code, _)| code);
    let code = params.choice("failure_code", &codes)?.unwrap_or("account_closed").to_owned();
    params.finish()?;
    let payout = request.sandbox.records.payouts.get(id);
    let payout = payout.filter(|payout| !matches!(payout.progress, Progress::Failed(_)));
    let account = payout.map(|payout| payout.account.clone());
    let account = account.ok_or_else(|| StripeError::no_such("payout", id, "payout"))?;
    let object = advance(request, id, Progress::Failed(code), "payout.failed");
    let owner = request.sandbox.records.accounts.get(&account);
    if owner.is_some_and(|owner| owner.is_connected() && owner.readiness.payouts()) {
        accounts::set_readiness(request, &account, Readiness::PayoutsHeld)?;
    }
    Ok(object)
}

fn advance(request: &mut Request<'_>, id: &str, progress: Progress, event: &str) -> Value {
    let Some(payout) = request.sandbox.records.payouts.get_mut(id) else {
        return Value::Null;
    };
    let before = payout.json();
    payout.progress = progress;
    let (object, account) = (payout.json(), Some(payout.account.clone()));
    let previous_attributes = previous_attributes(before, &object);
    record_event(request, event, NewEvent { object: object.clone(), previous_attributes, account });
    object
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let account = account(request)?;
    let payout = request.sandbox.records.payouts.get(id).filter(|payout| payout.account == account);
    payout.map(Payout::json).ok_or_else(|| StripeError::no_such("payout", id, "payout"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = account(request)?;
    let listing = Listing::take(&mut params)?;
    params.finish()?;
    listing.page(
        "/v1/payouts",
        "payout",
        request.sandbox.records.payouts.rows(),
        |payout| payout.created,
        |payout| payout.account == account,
        Payout::json,
    )
}
