//! A transfer and its reversals, as far as we read them.

use super::{ListObject, lower_case, null_as_empty, reference};
use payments::{AccountId, ChargeId, ReversalId, TransferId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A transfer (<https://docs.stripe.com/api/transfers/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct TransferObject {
    /// `tr_…`.
    pub id: TransferId,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// Whether real money moves.
    pub livemode: bool,
    /// Whose account it went to.
    #[serde(default, deserialize_with = "reference")]
    pub destination: Option<AccountId>,
    /// The charge that it is a part of.
    #[serde(default, deserialize_with = "reference")]
    pub source_transaction: Option<ChargeId>,
    /// The payment's id for ours, inherited from the intent.
    #[serde(default)]
    pub transfer_group: Option<String>,
    /// Ours, if it has our keys.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
    /// What was taken back of it, newest first: the last ten, unless the rest were asked for.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub reversals: ListObject<ReversalObject>,
}

/// A reversal of a transfer (<https://docs.stripe.com/api/transfer_reversals/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct ReversalObject {
    /// `trr_…`.
    pub id: ReversalId,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// The transfer that it takes back from.
    #[serde(default, deserialize_with = "reference")]
    pub transfer: Option<TransferId>,
    /// Ours, if it has our keys.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}
