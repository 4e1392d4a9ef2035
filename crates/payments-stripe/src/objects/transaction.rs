//! Balance transactions as Stripe sends them.

use super::{ChargeObject, DisputeObject, RefundObject, ReversalObject, TransferObject, lower_case};
use payments::TransactionId;
use serde::{Deserialize, Deserializer};

/// A balance transaction inside the object that caused it.
#[derive(Debug, Clone, Deserialize)]
pub struct BalanceObject {
    pub id: TransactionId,
    /// In minor units: positive for money in, negative for money out.
    pub amount: i64,
    /// Stripe's fee in minor units; negative when Stripe returns it.
    pub fee: i64,
    /// Lower-case code of the platform's balance, which can differ from the object's currency.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
}

/// A balance transaction with the object that caused it
/// (<https://docs.stripe.com/api/balance_transactions/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct TransactionObject {
    /// The fields that an object's own balance transaction has, too.
    #[serde(flatten)]
    pub balance: BalanceObject,
    /// Such as `charge`, `refund`, `adjustment` or `stripe_fee`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stripe's accounting category, such as `charge`, `dispute` or `dispute_reversal`.
    #[serde(default)]
    pub reporting_category: Option<String>,
    /// Seconds since the epoch.
    pub created: i64,
    /// None for Stripe's own fees, for instance, and where the source is not expanded.
    #[serde(default, deserialize_with = "expanded")]
    pub source: Option<TransactionSource>,
}

/// The object that caused a balance transaction.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "object", rename_all = "snake_case")]
pub enum TransactionSource {
    Charge(Box<ChargeObject>),
    Refund(Box<RefundObject>),
    Dispute(Box<DisputeObject>),
    Transfer(Box<TransferObject>),
    #[serde(rename = "transfer_reversal")]
    Reversal(Box<ReversalObject>),
    /// A type of object that is not used, such as a payout.
    #[serde(other)]
    Other,
}

fn expanded<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TransactionSource>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Source {
        Id(#[expect(dead_code, reason = "only its form matters")] String),
        Object(TransactionSource),
    }
    Ok(Option::deserialize(from)?.and_then(|source| match source {
        Source::Object(object) => Some(object),
        Source::Id(_) => None,
    }))
}
