//! Balance transactions as Stripe sends them.

use super::{ChargeObject, DisputeObject, RefundObject, ReversalObject, TransferObject, lower_case};
use payments::TransactionId;
use serde::Deserialize;

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
    /// None for Stripe's own fees, for instance.
    #[serde(default)]
    pub source: Option<TransactionSource>,
}

/// The object that caused a balance transaction.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Source")]
pub enum TransactionSource {
    Charge(Box<ChargeObject>),
    Refund(Box<RefundObject>),
    Dispute(Box<DisputeObject>),
    Transfer(Box<TransferObject>),
    Reversal(Box<ReversalObject>),
    /// The source is not expanded.
    Id(String),
    /// A type of object that is not used, such as a payout.
    Other,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Id(String),
    Object(SourceObject),
}

#[derive(Deserialize)]
#[serde(tag = "object", rename_all = "snake_case")]
enum SourceObject {
    Charge(Box<ChargeObject>),
    Refund(Box<RefundObject>),
    Dispute(Box<DisputeObject>),
    Transfer(Box<TransferObject>),
    TransferReversal(Box<ReversalObject>),
    #[serde(other)]
    Other,
}

impl From<Source> for TransactionSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Id(id) => Self::Id(id),
            Source::Object(SourceObject::Charge(charge)) => Self::Charge(charge),
            Source::Object(SourceObject::Refund(refund)) => Self::Refund(refund),
            Source::Object(SourceObject::Dispute(dispute)) => Self::Dispute(dispute),
            Source::Object(SourceObject::Transfer(transfer)) => Self::Transfer(transfer),
            Source::Object(SourceObject::TransferReversal(reversal)) => Self::Reversal(reversal),
            Source::Object(SourceObject::Other) => Self::Other,
        }
    }
}
