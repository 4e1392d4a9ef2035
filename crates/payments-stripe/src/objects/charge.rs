//! A charge as Stripe sends it.

use super::{BalanceObject, lower_case, null_as_empty, reference};
use payments::{ChargeId, IntentId, TransactionId, TransferId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a charge (<https://docs.stripe.com/api/charges/object>).
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
    pub livemode: bool,
    /// False while the money is only reserved.
    #[serde(default)]
    pub captured: Option<bool>,
    /// The intent that the charge attempts to pay.
    #[serde(default, deserialize_with = "reference")]
    pub payment_intent: Option<IntentId>,
    /// The transfer of the creator's share; asynchronous capture adds it later.
    #[serde(default, deserialize_with = "reference")]
    pub transfer: Option<TransferId>,
    /// The change of the platform's balance; asynchronous capture adds it later.
    #[serde(default)]
    pub balance_transaction: Option<ChargeTransaction>,
    /// How the charge was paid. Only what the sender knows the card by is read: no fingerprint, and no other field.
    #[serde(default)]
    pub payment_method_details: Option<MethodDetailsObject>,
    /// A copy of the intent's metadata, made when the intent was confirmed.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// `payment_method_details`.
#[derive(Debug, Clone, Deserialize)]
pub struct MethodDetailsObject {
    /// None where something else than a card paid.
    #[serde(default)]
    pub card: Option<CardObject>,
}

/// `payment_method_details.card`.
#[derive(Clone, Deserialize)]
pub struct CardObject {
    /// Such as `visa`.
    #[serde(default)]
    pub brand: Option<String>,
    #[serde(default)]
    pub last4: Option<String>,
}

/// Hides the digits.
impl std::fmt::Debug for CardObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardObject(…)")
    }
}

/// `balance_transaction`: the transaction where it is expanded, otherwise its id.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum ChargeTransaction {
    Id(TransactionId),
    Expanded(BalanceObject),
}

impl ChargeTransaction {
    /// The transaction's id, whether or not the transaction is expanded.
    #[must_use]
    pub fn id(&self) -> &TransactionId {
        match self {
            Self::Id(id) => id,
            Self::Expanded(transaction) => &transaction.id,
        }
    }
}
