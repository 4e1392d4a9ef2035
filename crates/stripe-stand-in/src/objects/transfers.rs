//! Transfers (docs.stripe.com/api/transfers): the record and its JSON.

use crate::objects::labels::Labels;
use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use crate::objects::transfer_reversals::TransferReversal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The number of newest reversals in a transfer's JSON; the rest is listed by `/reversals`.
pub(crate) const SHOWN_REVERSALS: usize = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    #[serde(default)]
    pub(crate) amount_reversed: i64,
    pub(crate) currency: String,
    /// What the destination received, and its currency: Stripe converts to the account's own.
    pub(crate) received: i64,
    pub(crate) received_in: String,
    /// What reversals took of it, each at the rate of its time.
    #[serde(default)]
    pub(crate) taken_back: i64,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) destination: String,
    pub(crate) destination_payment: String,
    /// The charge; `None` for a transfer from the platform's balance.
    pub(crate) source_transaction: Option<String>,
    pub(crate) transfer_group: Option<String>,
    pub(crate) balance_transaction: String,
    pub(crate) metadata: Metadata,
    /// Of the destination payment.
    #[serde(default)]
    pub(crate) payment: Labels,
    /// Oldest first.
    #[serde(default)]
    pub(crate) reversals: Vec<String>,
}

impl Transfer {
    pub(crate) fn json(&self, records: &Records) -> Value {
        let newest = self.reversals.iter().rev().take(SHOWN_REVERSALS);
        let reversals: Vec<Value> =
            newest.filter_map(|id| records.transfer_reversals.get(id).map(TransferReversal::json)).collect();
        json!({
            "id": self.id,
            "object": "transfer",
            "amount": self.amount,
            "amount_reversed": self.amount_reversed,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "destination": self.destination,
            "destination_payment": self.destination_payment,
            "livemode": false,
            "metadata": self.metadata,
            "reversals": {
                "object": "list",
                "data": reversals,
                "has_more": self.reversals.len() > SHOWN_REVERSALS,
                "url": format!("/v1/transfers/{}/reversals", self.id),
            },
            "reversed": self.amount_reversed == self.amount,
            "source_transaction": self.source_transaction,
            "source_type": "card",
            "transfer_group": self.transfer_group,
        })
    }
}
