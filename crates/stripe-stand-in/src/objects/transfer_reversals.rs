//! Transfer reversals (docs.stripe.com/api/transfer_reversals): the record and its JSON.

use crate::objects::metadata::Metadata;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TransferReversal {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) transfer: String,
    /// The refund whose `reverse_transfer` caused it.
    pub(crate) source_refund: Option<String>,
    pub(crate) destination_payment_refund: String,
    pub(crate) balance_transaction: String,
    pub(crate) metadata: Metadata,
}

impl TransferReversal {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "transfer_reversal",
            "amount": self.amount,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "destination_payment_refund": self.destination_payment_refund,
            "metadata": self.metadata,
            "source_refund": self.source_refund,
            "transfer": self.transfer,
        })
    }
}
