//! Movements of the platform's balance, as far as we read them.

use super::{ChargeView, DisputeView, RefundView, ReversalView, TransferView, lower_case};
use payments::TransactionId;
use serde::Deserialize;

/// A balance transaction inside the object that made it.
#[derive(Debug, Clone, Deserialize)]
pub struct BalanceView {
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
pub struct TransactionView {
    /// What is read of it everywhere.
    #[serde(flatten)]
    pub balance: BalanceView,
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
    Charge(Box<ChargeView>),
    /// A refund.
    Refund(Box<RefundView>),
    /// A dispute.
    Dispute(Box<DisputeView>),
    /// A transfer.
    Transfer(Box<TransferView>),
    /// The reversal of a transfer.
    Reversal(Box<ReversalView>),
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
    Charge(Box<ChargeView>),
    Refund(Box<RefundView>),
    Dispute(Box<DisputeView>),
    Transfer(Box<TransferView>),
    TransferReversal(Box<ReversalView>),
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
