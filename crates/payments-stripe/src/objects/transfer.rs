//! A transfer and its reversals as Stripe sends them.

use super::{ListObject, lower_case, null_as_empty, reference};
use payments::{AccountId, ChargeId, ReversalId, TransferId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a transfer (<https://docs.stripe.com/api/transfers/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct TransferObject {
    pub id: TransferId,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    pub livemode: bool,
    /// The account that receives the transfer.
    #[serde(default, deserialize_with = "reference")]
    pub destination: Option<AccountId>,
    /// The charge that funds the transfer.
    #[serde(default, deserialize_with = "reference")]
    pub source_transaction: Option<ChargeId>,
    /// The payment's id on the platform's own transfers, inherited from the intent.
    #[serde(default)]
    pub transfer_group: Option<String>,
    /// Contains the platform's keys if the platform requested the transfer.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Newest first: the latest ten, unless the others were retrieved as well.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub reversals: ListObject<ReversalObject>,
}

/// The fields in use of a transfer reversal (<https://docs.stripe.com/api/transfer_reversals/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct ReversalObject {
    pub id: ReversalId,
    /// In minor units.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
    /// The reversed transfer.
    #[serde(default, deserialize_with = "reference")]
    pub transfer: Option<TransferId>,
    /// Contains the platform's keys if the platform requested the reversal.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}
