//! Changes that happen later without a call: decisions of banks, settlement and payouts.

use crate::objects::disputes::Verdict;
use serde::{Deserialize, Serialize};

/// A change that happens later without a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// A charge with asynchronous capture gets its balance transaction and transfer.
    SettleCharge {
        charge: String,
    },
    /// The cardholder's bank disputes the part of a charge that is not refunded, or opens an inquiry.
    OpenDispute {
        charge: String,
        reason: String,
        inquiry: bool,
    },
    /// The card's issuer reports a charge as fraud.
    WarnOfFraud {
        charge: String,
    },
    DecideDispute {
        dispute: String,
        verdict: Verdict,
    },
    /// A pending refund reached the cardholder.
    CompleteRefund {
        refund: String,
    },
    /// The cardholder's bank sent a refund back.
    FailRefund {
        refund: String,
    },
    /// A payout reached the bank.
    CompletePayout {
        payout: String,
    },
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
