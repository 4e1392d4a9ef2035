//! Balance transactions (docs.stripe.com/api/balance_transactions): each change of the platform's balance.

use crate::currencies;
use crate::exchange::Conversion;
use crate::objects::balance_transactions::{BalanceTransaction, Kind};
use crate::objects::records::Records;
use crate::operations::listing::Listing;
use crate::state::region::Region;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Stripe's surcharge for cards from abroad (1.5 %), in parts per million.
const FOREIGN_PPM: i128 = 15_000;

const DAY_S: i64 = 86_400;

/// A balance transaction without its id and time.
pub(crate) struct NewBalanceTransaction<'m> {
    pub(crate) kind: Kind,
    /// The change of the platform's balance before the fee, in the source's currency.
    pub(crate) amount: i64,
    /// The source's currency.
    pub(crate) currency: &'m str,
    /// The currency of the platform's balance: Stripe converts the amount to it.
    pub(crate) settles_in: &'m str,
    pub(crate) fee: Fee<'m>,
    pub(crate) source: &'m str,
    pub(crate) description: Option<String>,
}

/// Stripe's fee for a balance transaction.
pub(crate) enum Fee<'m> {
    None,
    /// For a charge, by the card's country.
    Card(&'m str),
    Dispute,
}

/// Records a balance transaction and returns its id.
pub(crate) fn record(request: &mut Request<'_>, new_transaction: NewBalanceTransaction<'_>) -> String {
    let (id, created) = (request.mint("txn_3", 23), request.now());
    let currency = new_transaction.settles_in;
    let conversion = Conversion::at(new_transaction.currency, currency, created);
    let amount = conversion.convert(new_transaction.amount);
    let transaction = BalanceTransaction {
        id: id.clone(),
        created,
        available_on: available_on(new_transaction.kind, created),
        type_name: new_transaction.kind.type_name().to_owned(),
        reporting_category: new_transaction.kind.reporting_category().to_owned(),
        amount,
        source_amount: new_transaction.amount,
        fee: match new_transaction.fee {
            Fee::None => 0,
            Fee::Card(country) => card_fee(&request.sandbox.settings.region, amount, currency, country),
            Fee::Dispute => currencies::dispute_fee(currency),
        },
        currency: currency.to_owned(),
        rate_ppm: conversion.rate_ppm(),
        source: Some(new_transaction.source.to_owned()),
        description: new_transaction.description,
    };
    request.sandbox.records.balance_transactions.put(&id, transaction);
    id
}

/// Charges are available two days later; all else at once.
fn available_on(kind: Kind, created: i64) -> i64 {
    match kind {
        Kind::Charge => created.div_euclid(DAY_S) * DAY_S + 2 * DAY_S,
        Kind::Dispute
        | Kind::DisputeReversal
        | Kind::Refund
        | Kind::RefundFailure
        | Kind::Payout
        | Kind::Transfer
        | Kind::TransferReversal => created,
    }
}

/// The currency of the platform's balance that a charge changed; `currency` while the charge has not settled.
pub(crate) fn currency_of_charge<'r>(records: &'r Records, charge: &str, currency: &'r str) -> &'r str {
    let transaction = records.charges.get(charge).and_then(|charge| charge.balance_transaction.as_deref());
    currency_of(records, transaction, currency)
}

/// The currency of a balance transaction; `currency` without one.
pub(crate) fn currency_of<'r>(records: &'r Records, id: Option<&str>, currency: &'r str) -> &'r str {
    let transaction = id.and_then(|id| records.balance_transactions.get(id));
    transaction.map_or(currency, |transaction| transaction.currency.as_str())
}

/// Stripe's fee for a charge, in minor units of the balance's currency: the rate, rounded half up, and the fixed fee.
fn card_fee(platform: &Region, amount: i64, currency: &str, card_country: &str) -> i64 {
    let abroad = if Region::of(card_country) == *platform { 0 } else { FOREIGN_PPM };
    let millionths = i128::from(amount) * (i128::from(platform.domestic_ppm()) + abroad);
    let share = (millionths + 500_000) / 1_000_000;
    i64::try_from(share).unwrap_or(i64::MAX).saturating_add(currencies::fixed_fee(currency))
}

/// Adds a balance transaction of any type, as Stripe makes them beside payments: fees, payouts, reserves.
pub(crate) fn add(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let type_name = params.string("type")?.ok_or_else(|| StripeError::missing("type"))?;
    let amount = params.integer("amount")?.ok_or_else(|| StripeError::missing("amount"))?;
    let fee = params.integer("fee")?.unwrap_or(0);
    let currency = params.string("currency")?.unwrap_or_else(|| "usd".to_owned());
    let category = params.string("reporting_category")?;
    let source = params.string("source")?;
    let description = params.string("description")?;
    let available_on = params.integer("available_on")?;
    let created = params.integer("created")?.unwrap_or(request.now());
    params.finish()?;
    let transactions = request.sandbox.records.balance_transactions.rows();
    if transactions.values().next_back().is_some_and(|newest| created < newest.created) {
        return Err(StripeError::invalid("Lists are newest first: it cannot be older than the last one."));
    }
    // The prefix of all the others: lists are in the order of ids.
    let id = request.mint("txn_3", 23);
    let transaction = BalanceTransaction {
        id: id.clone(),
        created,
        available_on: available_on.unwrap_or(created),
        reporting_category: category.unwrap_or_else(|| default_category(&type_name).to_owned()),
        type_name,
        amount,
        source_amount: amount,
        fee,
        currency,
        rate_ppm: None,
        source,
        description,
    };
    let json = transaction.json(request.now());
    request.sandbox.records.balance_transactions.put(&id, transaction);
    Ok(json)
}

/// The reporting category of a type that has one of another name (docs.stripe.com/reports/reporting-categories).
fn default_category(type_name: &str) -> &str {
    match type_name {
        "adjustment" => "other_adjustment",
        "payout_cancel" | "payout_failure" => "payout_reversal",
        "stripe_fee" | "stripe_fx_fee" => "fee",
        "reserved_funds" => "risk_reserved_funds",
        "tax_fee" => "tax",
        other => other,
    }
}

/// What the platform has of its own at the start.
pub(crate) fn top_up(request: &mut Request<'_>) {
    let (units, created) = (request.sandbox.settings.top_up, request.now());
    for currency in request.sandbox.settings.settles_in() {
        let amount = units.saturating_mul(10_i64.pow(currencies::decimals(&currency)));
        if amount == 0 {
            return;
        }
        let id = request.mint("txn_3", 23);
        let transaction = BalanceTransaction {
            id: id.clone(),
            created,
            available_on: created,
            type_name: "topup".to_owned(),
            reporting_category: "topup".to_owned(),
            amount,
            source_amount: amount,
            fee: 0,
            currency,
            rate_ppm: None,
            source: None,
            description: None,
        };
        request.sandbox.records.balance_transactions.put(&id, transaction);
    }
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let transaction = request.sandbox.records.balance_transactions.get(id);
    transaction
        .map(|transaction| transaction.json(request.now()))
        .ok_or_else(|| StripeError::no_such("balance transaction", id, "id"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let kind = params.string("type")?;
    let source = params.string("source")?;
    let currency = params.string("currency")?;
    let payout = params.string("payout")?;
    params.finish()?;
    listing.page(
        "/v1/balance_transactions",
        "balance transaction",
        request.sandbox.records.balance_transactions.rows(),
        |transaction| transaction.created,
        |transaction| {
            payout.is_none()
                && kind.as_deref().is_none_or(|kind| transaction.type_name == kind)
                && source.as_ref().is_none_or(|source| transaction.source.as_ref() == Some(source))
                && currency.as_ref().is_none_or(|currency| transaction.currency == *currency)
        },
        |transaction| transaction.json(request.now()),
    )
}
