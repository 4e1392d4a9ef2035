//! Balance transactions (docs.stripe.com/api/balance_transactions): every movement of the platform's balance.

use crate::books::Request;
use crate::currencies;
use crate::errors::StripeError;
use crate::form::Params;
use crate::listing::Listing;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Stripe's rate for cards of the platform's country (2.9 %), in parts per million.
const DOMESTIC_PPM: i128 = 29_000;
/// What Stripe adds for cards from abroad (1.5 %), in parts per million.
const FOREIGN_PPM: i128 = 15_000;
/// The platform's country: its cards are domestic.
const PLATFORM_COUNTRY: &str = "US";

/// What moved the balance. Stripe has a type for it, and a coarser or finer reporting category
/// (docs.stripe.com/reports/balance-transaction-types, /reports/reporting-categories).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Charge,
    Dispute,
    DisputeReversal,
    Refund,
    RefundFailure,
    Transfer,
    TransferReversal,
}

impl Kind {
    fn type_name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Dispute | Self::DisputeReversal => "adjustment",
            Self::Refund => "refund",
            Self::RefundFailure => "refund_failure",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_refund",
        }
    }

    fn reporting_category(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Dispute => "dispute",
            Self::DisputeReversal => "dispute_reversal",
            Self::Refund => "refund",
            Self::RefundFailure => "refund_failure",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_reversal",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BalanceTransaction {
    pub(crate) id: String,
    created: i64,
    kind: Kind,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) currency: String,
    source: String,
    description: Option<String>,
}

/// A movement of the platform's balance, before it is booked.
pub(crate) struct Movement<'m> {
    pub(crate) kind: Kind,
    /// Signed: what the platform gains.
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) currency: &'m str,
    pub(crate) source: &'m str,
    pub(crate) description: Option<String>,
}

/// Books a movement and gives its id.
pub(crate) fn book(request: &mut Request<'_>, movement: Movement<'_>) -> String {
    let id = request.mint("txn_3", 23);
    let transaction = BalanceTransaction {
        id: id.clone(),
        created: request.now(),
        kind: movement.kind,
        amount: movement.amount,
        fee: movement.fee,
        currency: movement.currency.to_owned(),
        source: movement.source.to_owned(),
        description: movement.description,
    };
    request.books.records.balance_transactions.put(&id, transaction);
    id
}

/// Stripe's fee for a charge, in minor units of its currency: its rate, rounded half up, and its fixed part.
pub(crate) fn card_fee(amount: i64, currency: &str, card_country: &str) -> i64 {
    let abroad = if card_country == PLATFORM_COUNTRY { 0 } else { FOREIGN_PPM };
    let millionths = i128::from(amount) * (DOMESTIC_PPM + abroad);
    let share = (millionths + 500_000) / 1_000_000;
    i64::try_from(share).unwrap_or(i64::MAX).saturating_add(currencies::fixed_fee(currency))
}

impl BalanceTransaction {
    pub(crate) fn json(&self) -> Value {
        let fee_details = match self.fee {
            0 => json!([]),
            fee => json!([{
                "amount": fee,
                "application": null,
                "currency": self.currency,
                "description": match self.kind {
                    Kind::Dispute => "Dispute fee",
                    _ => "Stripe processing fees",
                },
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
            "reporting_category": self.kind.reporting_category(),
            "source": self.source,
            "status": "available",
            "type": self.kind.type_name(),
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
                && kind.as_deref().is_none_or(|kind| transaction.kind.type_name() == kind)
                && source.as_ref().is_none_or(|source| transaction.source == *source)
                && currency.as_ref().is_none_or(|currency| transaction.currency == *currency)
        },
        BalanceTransaction::json,
    )
}
