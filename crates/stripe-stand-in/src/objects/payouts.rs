//! Payouts of connected accounts and of the platform (docs.stripe.com/api/payouts).

use crate::objects::metadata::Metadata;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const DAY_S: i64 = 24 * 60 * 60;

/// Why a bank sends a payout back (docs.stripe.com/api/payouts/failures), and Stripe's message about it.
pub(crate) const FAILURES: [(&str, &str); 17] = [
    ("account_closed", "The bank account has been closed."),
    ("account_frozen", "The bank account has been frozen."),
    ("bank_account_restricted", "The bank account has restrictions on the type or number of payouts."),
    ("bank_ownership_changed", "The bank account's branch has changed ownership."),
    ("could_not_process", "The bank could not process this payout."),
    ("debit_not_authorized", "Debit transactions are not approved on the bank account."),
    ("declined", "The bank has declined this payout."),
    ("incorrect_account_holder_address", "The account holder's address is not the bank's."),
    ("incorrect_account_holder_name", "The account holder's name is not the bank's."),
    ("incorrect_account_holder_tax_id", "The account holder's tax ID is not the bank's."),
    ("incorrect_account_type", "The bank account's type is incorrect."),
    ("insufficient_funds", "The Stripe account has insufficient funds."),
    ("invalid_account_number", "The bank account's number is invalid."),
    ("invalid_account_number_length", "The bank account's number has a wrong length."),
    ("invalid_currency", "The bank account cannot accept this currency."),
    ("no_account", "No bank account could be found with these details."),
    ("unsupported_card", "The bank no longer supports payouts to this card."),
];

/// How far a payout got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Progress {
    Pending,
    Paid,
    /// With the bank's reason. The money is in the account's balance again; of a debit, it stays at the bank.
    Failed(String),
    Canceled,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payout {
    pub(crate) id: String,
    pub(crate) created: i64,
    /// The connected account; none for the platform's own.
    pub(crate) account: Option<String>,
    /// Of the platform's balance.
    pub(crate) balance_transaction: Option<String>,
    /// Negative for a debit of the bank, which reverses a payout.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
    #[serde(default)]
    pub(crate) automatic: bool,
    /// The payout that this one reverses.
    #[serde(default)]
    pub(crate) original_payout: Option<String>,
    #[serde(default)]
    pub(crate) reversed_by: Option<String>,
    pub(crate) progress: Progress,
}

impl Payout {
    /// What it takes out of the account's balance; negative for what a debit brought.
    pub(crate) fn taken(&self) -> i64 {
        match self.progress {
            // The bank has not sent it yet.
            Progress::Pending if self.amount < 0 => 0,
            Progress::Pending | Progress::Paid => self.amount,
            Progress::Failed(_) | Progress::Canceled => 0,
        }
    }

    pub(crate) fn json(&self) -> Value {
        let (status, failure) = match &self.progress {
            Progress::Pending => ("pending", None),
            Progress::Paid => ("paid", None),
            Progress::Failed(code) => ("failed", Some(code)),
            Progress::Canceled => ("canceled", None),
        };
        let message = failure.and_then(|code| FAILURES.iter().find(|(known, _)| known == code));
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
            "failure_code": failure,
            "failure_message": message.map(|(_, message)| message),
            "livemode": false,
            "metadata": self.metadata,
            "method": "standard",
            "original_payout": self.original_payout,
            "payout_method": null,
            "reconciliation_status": "not_applicable",
            "reversed_by": self.reversed_by,
            "source_type": "card",
            "statement_descriptor": null,
            "status": status,
            "trace_id": null,
            "type": "bank_account",
        })
    }
}
