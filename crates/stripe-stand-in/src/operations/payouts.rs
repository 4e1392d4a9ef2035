//! Payouts of connected accounts (docs.stripe.com/api/payouts): the money leaves the account's balance, so no reversal
//! can take it back. Without an account, the platform pays out its own balance.

use crate::currencies;
use crate::objects::accounts::readiness::Readiness;
use crate::objects::balance_transactions::Kind;
use crate::objects::metadata::Metadata;
use crate::objects::payouts::{DAY_S, FAILURES, Payout, Progress};
use crate::objects::scheduled::Change;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::listing::Listing;
use crate::operations::{accounts, balance, balance_transactions, metadata};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::state::schedule::schedule;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = request.account.clone();
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
    match &account {
        Some(account) => balance::must_cover(&request.sandbox.records, account, amount, &currency)?,
        None => balance::platform_must_cover(request, amount, &currency)?,
    }
    Ok(record(
        request,
        NewPayout { account, amount, currency, description, metadata, ..NewPayout::default() },
    ))
}

/// Reverses a payout by a debit of the bank, which has the same events (docs.stripe.com/connect/payout-reversals). Stripe would
/// also reverse an automatic payout that is pending.
pub(crate) fn reverse(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut metadata = Metadata::new();
    metadata::merge(&mut params, &mut metadata)?;
    params.finish()?;
    let account = request.account.clone();
    let original = request.sandbox.records.payouts.get(id).filter(|payout| payout.account == account);
    let original = original.ok_or_else(|| StripeError::no_such("payout", id, "payout"))?;
    let is_reversible = account.is_some()
        && original.progress == Progress::Paid
        && original.amount > 0
        && original.reversed_by.is_none();
    if !is_reversible {
        return Err(StripeError::invalid("This payout cannot be reversed.").param("payout"));
    }
    let (amount, currency) = (-original.amount, original.currency.clone());
    let original_payout = Some(id.to_owned());
    let debit = NewPayout { account, amount, currency, metadata, original_payout, ..NewPayout::default() };
    let object = record(request, debit);
    if let Some(original) = request.sandbox.records.payouts.get_mut(id) {
        original.reversed_by = object["id"].as_str().map(str::to_owned);
    }
    Ok(object)
}

#[derive(Default)]
struct NewPayout {
    account: Option<String>,
    amount: i64,
    currency: String,
    description: Option<String>,
    metadata: Metadata,
    automatic: bool,
    original_payout: Option<String>,
}

fn record(request: &mut Request<'_>, new: NewPayout) -> Value {
    let NewPayout { account, amount, currency, description, metadata, automatic, original_payout } = new;
    let id = request.mint("po_1", 23);
    let balance_transaction = account.is_none().then(|| {
        let new_transaction = NewBalanceTransaction {
            kind: Kind::Payout,
            amount: -amount,
            currency: &currency,
            settles_in: &currency,
            fee: Fee::None,
            source: &id,
            description: description.clone(),
        };
        balance_transactions::record(request, new_transaction)
    });
    let payout = Payout {
        id: id.clone(),
        created: request.now(),
        account: account.clone(),
        balance_transaction,
        amount,
        currency,
        description,
        metadata,
        automatic,
        original_payout,
        reversed_by: None,
        progress: Progress::Pending,
    };
    let object = payout.json();
    request.sandbox.records.payouts.put(&id, payout);
    let new_event = NewEvent { object: object.clone(), previous_attributes: None, account };
    record_event(request, "payout.created", new_event);
    schedule(request, DAY_S * 1000, Change::CompletePayout { payout: id });
    object
}

/// Pays out all that is available of the platform's balance, once a day.
pub(crate) fn pay_out_daily(request: &mut Request<'_>) {
    let today = request.now() / DAY_S;
    let is_of_today =
        |payout: &Payout| payout.account.is_none() && payout.automatic && payout.created / DAY_S == today;
    if request.sandbox.records.payouts.rows().values().any(is_of_today) {
        return;
    }
    for (currency, available) in balance::available_to_platform(request) {
        let amount = available - available % currencies::step(&currency);
        if amount > 0 {
            let (description, metadata) = (Some("STRIPE PAYOUT".to_owned()), Metadata::new());
            let automatic = true;
            record(
                request,
                NewPayout { amount, currency, description, metadata, automatic, ..NewPayout::default() },
            );
        }
    }
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

/// Fails a connected account's payout or debit on demand: `failure_code`, by default `account_closed`. A bank can also send back
/// what was shown as paid. The account gets its money back, or loses what a debit brought, and Stripe pays out no more until
/// the owner enters another bank account.
pub(crate) fn fail(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let codes = FAILURES.map(|(code, _)| code);
    let code = params.choice("failure_code", &codes)?.unwrap_or("account_closed").to_owned();
    params.finish()?;
    let payout = request.sandbox.records.payouts.get(id);
    let payout = payout.filter(|payout| matches!(payout.progress, Progress::Pending | Progress::Paid));
    let of_account = payout.and_then(|payout| Some((payout.account.clone()?, payout.reversed_by.clone())));
    let (account, reversal) = of_account.ok_or_else(|| StripeError::no_such("payout", id, "payout"))?;
    let object = advance(request, id, Progress::Failed(code), "payout.failed");
    let reversal = reversal.filter(|id| {
        request.sandbox.records.payouts.get(id).is_some_and(|debit| debit.progress == Progress::Pending)
    });
    if let Some(reversal) = reversal {
        advance(request, &reversal, Progress::Canceled, "payout.canceled");
    }
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
    let (object, account) = (payout.json(), payout.account.clone());
    let previous_attributes = previous_attributes(before, &object);
    record_event(request, event, NewEvent { object: object.clone(), previous_attributes, account });
    object
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let account = request.account.clone();
    let payout = request.sandbox.records.payouts.get(id).filter(|payout| payout.account == account);
    payout.map(Payout::json).ok_or_else(|| StripeError::no_such("payout", id, "payout"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = request.account.clone();
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
