//! A charge, as far as we read it.

use super::{BalanceObject, lower_case, null_as_empty, reference};
use payments::{ChargeId, IntentId, TransactionId, TransferId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A charge (<https://docs.stripe.com/api/charges/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct ChargeObject {
    /// `ch_…` or `py_…`.
    pub id: ChargeId,
    /// `succeeded`, `pending` or `failed`.
    pub status: String,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// Whether real money moves.
    pub livemode: bool,
    /// Whether the money was taken, not only reserved.
    #[serde(default)]
    pub captured: Option<bool>,
    /// The intent that it is an attempt to pay.
    #[serde(default, deserialize_with = "reference")]
    pub payment_intent: Option<IntentId>,
    /// The transfer of its destination's part; with asynchronous capture it comes later.
    #[serde(default, deserialize_with = "reference")]
    pub transfer: Option<TransferId>,
    /// Its own movement of the platform's balance; with asynchronous capture it comes later.
    #[serde(default)]
    pub balance_transaction: Option<ChargeTransaction>,
    /// A copy of the intent's, made at its confirmation.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// `balance_transaction`: the transaction where it is expanded, else its id.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum ChargeTransaction {
    /// `txn_…`.
    Id(TransactionId),
    /// Expanded.
    Expanded(BalanceObject),
}

impl ChargeTransaction {
    /// `txn_…`.
    #[must_use]
    pub fn id(&self) -> &TransactionId {
        match self {
            Self::Id(id) => id,
            Self::Expanded(transaction) => &transaction.id,
        }
    }
}
