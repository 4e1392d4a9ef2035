//! Balances (docs.stripe.com/api/balance). The platform's never runs out in its settlement currencies; a connected
//! account's is the sum of its transfers, less reversals and payouts, in the account's own currency.

use crate::objects::records::Records;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `GET /v1/balance`.
pub(crate) fn retrieve(request: &mut Request<'_>, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let records = &request.sandbox.records;
    let mut sums = match &request.account {
        None => of_platform(records),
        Some(account) => of_account(records, account),
    };
    if sums.is_empty() {
        sums.insert("usd", 0);
    }
    let amounts = |of: fn(i64) -> i64| -> Vec<Value> {
        let entry = |(currency, sum): (&&str, &i64)| json!({"amount": of(*sum), "currency": currency, "source_types": {"card": of(*sum)}});
        sums.iter().map(entry).collect()
    };
    Ok(json!({
        "object": "balance",
        "available": amounts(|sum| sum),
        "livemode": false,
        "pending": amounts(|_| 0),
    }))
}

fn of_platform(records: &Records) -> BTreeMap<&str, i64> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for transaction in records.balance_transactions.rows().values() {
        *sums.entry(&transaction.currency).or_default() += transaction.amount - transaction.fee;
    }
    sums
}

/// A connected account's balance by currency.
pub(crate) fn of_account<'r>(records: &'r Records, account: &str) -> BTreeMap<&'r str, i64> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for transfer in records.transfers.rows().values().filter(|transfer| transfer.destination == account) {
        *sums.entry(&transfer.received_in).or_default() += transfer.received - transfer.taken_back;
    }
    for payout in records.payouts.rows().values().filter(|payout| payout.account == account) {
        *sums.entry(&payout.currency).or_default() -= payout.taken();
    }
    sums
}

/// Refuses a currency in which the platform has no balance: Stripe converts what is charged in it
/// (reported for 310 of 310 transfers in antiwork/gumroad#7687).
pub(crate) fn platform_must_have(request: &Request<'_>, currency: &str) -> Result<(), StripeError> {
    match request.sandbox.settings.settles_in().iter().any(|it| it == currency) {
        true => Ok(()),
        false => Err(insufficient()),
    }
}

/// Refuses an amount above a connected account's balance. The refusal is an outcome of executing the request, which
/// Stripe replays for the idempotency key.
pub(crate) fn must_cover(
    records: &Records,
    account: &str,
    amount: i64,
    currency: &str,
) -> Result<(), StripeError> {
    if of_account(records, account).get(currency).copied().unwrap_or_default() >= amount {
        return Ok(());
    }
    Err(insufficient())
}

fn insufficient() -> StripeError {
    StripeError::invalid(
        "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You can \
         use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).",
    )
    .code("balance_insufficient")
    .after_execution()
}
