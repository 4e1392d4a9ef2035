//! Payouts (docs.stripe.com/api/payouts) of connected accounts: money leaves Stripe, and can no longer be taken
//! back. They are kept by the account's books, of which the stand-in has only the balance.

use super::balance;
use super::metadata::{self, Metadata};
use crate::books::Request;
use crate::currencies;
use crate::errors::StripeError;
use crate::events::{News, emit, previous_attributes};
use crate::form::Params;
use crate::listing::Listing;
use crate::schedule::{Change, schedule};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const DAY_S: i64 = 24 * 60 * 60;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payout {
    id: String,
    created: i64,
    /// Whose balance it was taken from.
    pub(crate) account: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    description: Option<String>,
    metadata: Metadata,
    paid: bool,
}

impl Payout {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "payout",
            "amount": self.amount,
            "application_fee": null,
            "application_fee_amount": null,
            "arrival_date": self.created + DAY_S,
            "automatic": false,
            "balance_transaction": null,
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "destination": null,
            "failure_balance_transaction": null,
            "failure_code": null,
            "failure_message": null,
            "livemode": false,
            "metadata": self.metadata,
            "method": "standard",
            "original_payout": null,
            "payout_method": null,
            "reconciliation_status": "not_applicable",
            "reversed_by": null,
            "source_type": "card",
            "statement_descriptor": null,
            "status": if self.paid { "paid" } else { "pending" },
            "trace_id": null,
            "type": "bank_account",
        })
    }
}

/// The connected account that a payout is of.
fn account(request: &Request<'_>) -> Result<String, StripeError> {
    request.account.clone().ok_or_else(|| {
        StripeError::invalid(
            "The stand-in knows no payouts of the platform: name a connected account in Stripe-Account.",
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
    balance::must_cover(&request.books.records, &account, amount, &currency)?;
    let id = request.mint("po_1", 23);
    let payout = Payout {
        id: id.clone(),
        created: request.now(),
        account: account.clone(),
        amount,
        currency,
        description,
        metadata,
        paid: false,
    };
    let object = payout.json();
    request.books.records.payouts.put(&id, payout);
    let news = News { object: object.clone(), previous_attributes: None, account: Some(account) };
    emit(request, "payout.created", news);
    schedule(request, DAY_S * 1000, Change::CompletePayout { payout: id });
    Ok(object)
}

/// The money reached the bank.
pub(crate) fn complete(request: &mut Request<'_>, id: &str) {
    let Some(payout) = request.books.records.payouts.get_mut(id) else {
        return;
    };
    let before = payout.json();
    payout.paid = true;
    let (object, account) = (payout.json(), Some(payout.account.clone()));
    let previous_attributes = previous_attributes(before, &object);
    emit(request, "payout.paid", News { object, previous_attributes, account });
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let account = account(request)?;
    let payout = request.books.records.payouts.get(id).filter(|payout| payout.account == account);
    payout.map(Payout::json).ok_or_else(|| StripeError::no_such("payout", id, "payout"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let account = account(request)?;
    let listing = Listing::take(&mut params)?;
    params.finish()?;
    listing.page(
        "/v1/payouts",
        "payout",
        request.books.records.payouts.rows(),
        |payout| payout.created,
        |payout| payout.account == account,
        Payout::json,
    )
}
