//! Refunds (docs.stripe.com/api/refunds): the record and its JSON.

use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The statuses of a refund to a card. (`requires_action` and `canceled` are for other payment methods.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Pending,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) charge: String,
    pub(crate) payment_intent: String,
    pub(crate) reason: Option<String>,
    pub(crate) status: Status,
    pub(crate) metadata: Metadata,
    /// None while it waits for the platform's balance.
    pub(crate) balance_transaction: Option<String>,
    /// The return of the money of a failed refund.
    pub(crate) failure_balance_transaction: Option<String>,
    pub(crate) failure_reason: Option<String>,
    pub(crate) transfer_reversal: Option<String>,
}

impl Refund {
    /// Whether the platform's balance did not cover it yet.
    pub(crate) fn waits_for_balance(&self) -> bool {
        self.status == Status::Pending && self.balance_transaction.is_none()
    }

    pub(crate) fn json(&self, records: &Records) -> Value {
        let charge = records.charges.get(&self.charge);
        let mut refund = json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": self.balance_transaction,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "destination_details": {
                "card": {
                    "reference_status": "pending",
                    "reference_type": "acquirer_reference_number",
                    "type": "refund",
                },
                "type": "card",
            },
            "metadata": self.metadata,
            "payment_intent": self.payment_intent,
            "payment_method": charge.and_then(|charge| charge.payment_method.clone()),
            "reason": self.reason,
            "receipt_number": null,
            "source_transfer_reversal": null,
            "status": self.status,
            "transfer_reversal": self.transfer_reversal,
        });
        // Stripe omits these fields without a value.
        if let Some(transaction) = &self.failure_balance_transaction {
            refund["failure_balance_transaction"] = transaction.as_str().into();
        }
        if let Some(reason) = &self.failure_reason {
            refund["failure_reason"] = reason.as_str().into();
        }
        if self.status == Status::Pending {
            let waits = self.balance_transaction.is_none();
            refund["pending_reason"] = if waits { "insufficient_funds" } else { "processing" }.into();
        }
        refund
    }
}
