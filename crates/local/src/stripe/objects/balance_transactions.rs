//! Balance transactions (docs.stripe.com/api/balance_transactions): every movement of the platform's balance.

use super::payment_intents::PaymentIntent;
use super::transfers::Transfer;
use crate::stripe::books::Request;
use crate::stripe::currencies;
use crate::stripe::errors::StripeError;
use crate::stripe::form::Params;
use crate::stripe::listing::Listing;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Stripe's rate for cards of the platform's country (2.9 %), in parts per million.
const DOMESTIC_PPM: i128 = 29_000;
/// What Stripe adds for cards from abroad (1.5 %), in parts per million.
const FOREIGN_PPM: i128 = 15_000;
/// The platform's country: its cards are domestic.
const PLATFORM_COUNTRY: &str = "US";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Charge,
    Transfer,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BalanceTransaction {
    id: String,
    created: i64,
    kind: Kind,
    amount: i64,
    fee: i64,
    currency: String,
    source: String,
    description: Option<String>,
}

/// Stripe's fee for a charge, in minor units of its currency: its rate, rounded half up, and its fixed part.
pub(crate) fn card_fee(amount: i64, currency: &str, card_country: &str) -> i64 {
    let abroad = if card_country == PLATFORM_COUNTRY { 0 } else { FOREIGN_PPM };
    let millionths = i128::from(amount) * (DOMESTIC_PPM + abroad);
    let share = (millionths + 500_000) / 1_000_000;
    i64::try_from(share).unwrap_or(i64::MAX).saturating_add(currencies::fixed_fee(currency))
}

impl BalanceTransaction {
    pub(crate) fn of_charge(
        id: &str,
        charge_id: &str,
        created: i64,
        intent: &PaymentIntent,
        fee: i64,
    ) -> Self {
        Self {
            id: id.to_owned(),
            created,
            kind: Kind::Charge,
            amount: intent.amount,
            fee,
            currency: intent.currency.clone(),
            source: charge_id.to_owned(),
            description: intent.description.clone(),
        }
    }

    pub(crate) fn of_transfer(id: &str, transfer: &Transfer, created: i64) -> Self {
        Self {
            id: id.to_owned(),
            created,
            kind: Kind::Transfer,
            amount: -transfer.amount,
            fee: 0,
            currency: transfer.currency.clone(),
            source: transfer.id.clone(),
            description: None,
        }
    }

    pub(crate) fn json(&self) -> Value {
        let fee_details = match self.fee {
            0 => json!([]),
            fee => json!([{
                "amount": fee,
                "application": null,
                "currency": self.currency,
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }]),
        };
        json!({
            "id": self.id,
            "object": "balance_transaction",
            "amount": self.amount,
            "available_on": self.created,
            "balance_type": "payments",
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "exchange_rate": null,
            "fee": self.fee,
            "fee_details": fee_details,
            "net": self.amount - self.fee,
            "reporting_category": self.kind,
            "source": self.source,
            "status": "available",
            "type": self.kind,
        })
    }
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let transaction = request.books.records.balance_transactions.get(id);
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
        request.books.records.balance_transactions.rows(),
        |transaction| transaction.created,
        |transaction| {
            payout.is_none()
                && kind.as_deref().is_none_or(|kind| json!(transaction.kind) == kind)
                && source.as_ref().is_none_or(|source| transaction.source == *source)
                && currency.as_ref().is_none_or(|currency| transaction.currency == *currency)
        },
        BalanceTransaction::json,
    )
}

/// `GET /v1/balance`: of the platform; of a connected account, what was transferred to it.
pub(crate) fn balance(request: &mut Request<'_>, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let records = &request.books.records;
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    match &request.account {
        None => {
            for transaction in records.balance_transactions.rows().values() {
                *sums.entry(&transaction.currency).or_default() += transaction.amount - transaction.fee;
            }
        }
        Some(account) => {
            for transfer in
                records.transfers.rows().values().filter(|transfer| transfer.destination == *account)
            {
                *sums.entry(&transfer.currency).or_default() += transfer.amount;
            }
        }
    }
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
