//! Changes that fall due: banks, settlement and payouts take their time.

use crate::objects::disputes::Verdict;
use serde::{Deserialize, Serialize};

/// A change that is due at its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// The balance transaction and transfer of a charge captured asynchronously.
    SettleCharge { charge: String },
    /// The cardholder's bank disputes what is not refunded of a charge, or inquires about it.
    OpenDispute { charge: String, reason: String, inquiry: bool },
    /// The bank has read the evidence.
    DecideDispute { dispute: String, verdict: Verdict },
    /// A pending refund reached the cardholder.
    CompleteRefund { refund: String },
    /// The cardholder's bank sent a refund back.
    FailRefund { refund: String },
    /// A payout reached the bank.
    CompletePayout { payout: String },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Scheduled {
    pub(crate) at_ms: i64,
    pub(crate) change: Change,
    pub(crate) done: bool,
}

impl Scheduled {
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }
}
