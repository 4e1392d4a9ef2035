//! Payouts of connected accounts and of the platform (docs.stripe.com/api/payouts).

use crate::objects::metadata::Metadata;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const DAY_S: i64 = 24 * 60 * 60;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payout {
    pub(crate) id: String,
    pub(crate) created: i64,
    /// The connected account; none for the platform's own.
    pub(crate) account: Option<String>,
    /// Of the platform's balance.
    pub(crate) balance_transaction: Option<String>,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
    #[serde(default)]
    pub(crate) automatic: bool,
    pub(crate) paid: bool,
}

impl Payout {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "payout",
            "amount": self.amount,
            "application_fee": null,
            "application_fee_amount": null,
            "arrival_date": self.created + DAY_S,
            "automatic": self.automatic,
            "balance_transaction": self.balance_transaction,
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "destination": null,
            "failure_balance_transaction": null,
            "failure_code": null,
            "failure_message": null,
            "livemode": false,
            "metadata": self.metadata,
            "method": "standard",
            "original_payout": null,
            "payout_method": null,
            "reconciliation_status": "not_applicable",
            "reversed_by": null,
            "source_type": "card",
            "statement_descriptor": null,
            "status": if self.paid { "paid" } else { "pending" },
            "trace_id": null,
            "type": "bank_account",
        })
    }
}
