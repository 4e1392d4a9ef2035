//! Movements of the platform's balance, as far as we read them.

use super::{ChargeObject, DisputeObject, RefundObject, ReversalObject, TransferObject, lower_case};
use payments::TransactionId;
use serde::Deserialize;

/// A balance transaction inside the object that made it.
#[derive(Debug, Clone, Deserialize)]
pub struct BalanceObject {
    /// `txn_…`.
    pub id: TransactionId,
    /// In minor units: positive in, negative out.
    pub amount: i64,
    /// What Stripe took for it, in minor units; negative when it gave it back.
    pub fee: i64,
    /// Lower-case code of the platform's balance; it can be another than the object's.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
}

/// A balance transaction with what made it (<https://docs.stripe.com/api/balance_transactions/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct TransactionObject {
    /// What is read of it everywhere.
    #[serde(flatten)]
    pub balance: BalanceObject,
    /// Such as `charge`, `refund`, `adjustment` or `stripe_fee`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stripe's kind for accounting, such as `charge`, `dispute` or `dispute_reversal`.
    #[serde(default)]
    pub reporting_category: Option<String>,
    /// Seconds since the epoch.
    pub created: i64,
    /// What made it; none for Stripe's own fees, for instance.
    #[serde(default)]
    pub source: Option<TransactionSource>,
}

/// What made a balance transaction.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Source")]
pub enum TransactionSource {
    /// A charge.
    Charge(Box<ChargeObject>),
    /// A refund.
    Refund(Box<RefundObject>),
    /// A dispute.
    Dispute(Box<DisputeObject>),
    /// A transfer.
    Transfer(Box<TransferObject>),
    /// The reversal of a transfer.
    Reversal(Box<ReversalObject>),
    /// Not expanded.
    Id(String),
    /// An object of a kind that we do not use, such as a payout.
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
