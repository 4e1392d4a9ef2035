//! Balance transactions (docs.stripe.com/api/balance_transactions): each change of the platform's balance.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The cause of a balance transaction. Stripe derives from it a type, and a coarser or finer reporting category
/// (docs.stripe.com/reports/balance-transaction-types, /reports/reporting-categories).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Charge,
    Dispute,
    DisputeReversal,
    Refund,
    RefundFailure,
    Transfer,
    TransferReversal,
}

impl Kind {
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Dispute | Self::DisputeReversal => "adjustment",
            Self::Refund => "refund",
            Self::RefundFailure => "refund_failure",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_refund",
        }
    }

    fn reporting_category(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Dispute => "dispute",
            Self::DisputeReversal => "dispute_reversal",
            Self::Refund => "refund",
            Self::RefundFailure => "refund_failure",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_reversal",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BalanceTransaction {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) kind: Kind,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    /// Of the platform's balance; the source's may be another.
    pub(crate) currency: String,
    /// The amount in the source's currency.
    pub(crate) source_amount: i64,
    /// One major unit of the source's currency in `currency`, in parts per million, where Stripe converted.
    #[serde(default)]
    pub(crate) rate_ppm: Option<i64>,
    pub(crate) source: String,
    pub(crate) description: Option<String>,
}

impl BalanceTransaction {
    pub(crate) fn json(&self) -> Value {
        let fee_details = match self.fee {
            0 => json!([]),
            fee => json!([{
                "amount": fee,
                "application": null,
                "currency": self.currency,
                "description": match self.kind {
                    Kind::Dispute => "Dispute fee",
                    Kind::Charge | Kind::DisputeReversal | Kind::Refund | Kind::RefundFailure | Kind::Transfer | Kind::TransferReversal => "Stripe processing fees",
                },
                "type": "stripe_fee",
            }]),
        };
        json!({
            "id": self.id,
            "object": "balance_transaction",
            "amount": self.amount,
            "available_on": self.created,
            "balance_type": "payments",
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "exchange_rate": self.rate_ppm.map(rate),
            "fee": self.fee,
            "fee_details": fee_details,
            "net": self.amount - self.fee,
            "reporting_category": self.kind.reporting_category(),
            "source": self.source,
            "status": "available",
            "type": self.kind.type_name(),
        })
    }
}

/// Parts per million as Stripe writes a rate, such as 1.08.
fn rate(ppm: i64) -> Value {
    let (whole, millionths) = (ppm / 1_000_000, ppm % 1_000_000);
    serde_json::from_str(&format!("{whole}.{millionths:06}")).unwrap_or(Value::Null)
}
