//! Balance transactions (docs.stripe.com/api/balance_transactions): each change of the platform's balance.

use crate::currencies;
use crate::objects::balance_transactions::{BalanceTransaction, Kind};
use crate::operations::listing::Listing;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Stripe's rate for cards of the platform's region (2.9 %), in parts per million.
const DOMESTIC_PPM: i128 = 29_000;

/// Stripe's surcharge for cards from abroad (1.5 %), in parts per million.
const FOREIGN_PPM: i128 = 15_000;

/// A balance transaction without its id and time.
pub(crate) struct NewBalanceTransaction<'m> {
    pub(crate) kind: Kind,
    /// The change of the platform's balance before the fee.
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) currency: &'m str,
    pub(crate) source: &'m str,
    pub(crate) description: Option<String>,
}

/// Records a balance transaction and returns its id.
pub(crate) fn record(request: &mut Request<'_>, new_transaction: NewBalanceTransaction<'_>) -> String {
    let id = request.mint("txn_3", 23);
    let transaction = BalanceTransaction {
        id: id.clone(),
        created: request.now(),
        kind: new_transaction.kind,
        amount: new_transaction.amount,
        fee: new_transaction.fee,
        currency: new_transaction.currency.to_owned(),
        source: new_transaction.source.to_owned(),
        description: new_transaction.description,
    };
    request.sandbox.records.balance_transactions.put(&id, transaction);
    id
}

/// Stripe's fee for a charge, in minor units of its currency: the rate, rounded half up, and the fixed fee.
pub(crate) fn card_fee(amount: i64, currency: &str, is_domestic: bool) -> i64 {
    let abroad = if is_domestic { 0 } else { FOREIGN_PPM };
    let millionths = i128::from(amount) * (DOMESTIC_PPM + abroad);
    let share = (millionths + 500_000) / 1_000_000;
    i64::try_from(share).unwrap_or(i64::MAX).saturating_add(currencies::fixed_fee(currency))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let transaction = request.sandbox.records.balance_transactions.get(id);
    transaction
        .map(BalanceTransaction::json)
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
                && kind.as_deref().is_none_or(|kind| transaction.kind.type_name() == kind)
                && source.as_ref().is_none_or(|source| transaction.source == *source)
                && currency.as_ref().is_none_or(|currency| transaction.currency == *currency)
        },
        BalanceTransaction::json,
    )
}
