//! Disputes (docs.stripe.com/disputes, /api/disputes).
//!
//! An inquiry withdraws nothing and can become a chargeback. A chargeback withdraws the disputed amount and Stripe's
//! fee, which is not returned when the dispute is won.

pub(crate) mod json;

use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    NeedsResponse,
    UnderReview,
    Won,
    Lost,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    pub(crate) fn is_inquiry(self) -> bool {
        matches!(self, Self::WarningNeedsResponse | Self::WarningUnderReview | Self::WarningClosed)
    }

    pub(crate) fn is_closed(self) -> bool {
        matches!(self, Self::WarningClosed | Self::Won | Self::Lost)
    }
}

/// How a bank decides a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The withdrawn amount is reinstated, without Stripe's fee. An inquiry is closed.
    Won,
    /// The cardholder keeps the amount. An inquiry is closed.
    Lost,
    /// An inquiry becomes a chargeback. A chargeback is unchanged.
    Escalated,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) charge: String,
    pub(crate) payment_intent: String,
    pub(crate) reason: String,
    pub(crate) status: Status,
    /// By field name.
    pub(crate) evidence: BTreeMap<String, String>,
    pub(crate) submissions: u64,
    pub(crate) metadata: Metadata,
    /// Oldest first.
    pub(crate) balance_transactions: Vec<String>,
}

impl Dispute {
    /// The amount withdrawn and not reinstated, in minor units of the dispute's currency.
    pub(crate) fn withdrawn(&self, records: &Records) -> i64 {
        let amount = |id: &String| records.balance_transactions.get(id).map_or(0, |it| -it.source_amount);
        self.balance_transactions.iter().map(amount).sum()
    }
}
