//! Early fraud warnings: the card's issuer reports the charge as fraud, mostly before the cardholder disputes it
//! (<https://docs.stripe.com/disputes/measuring#early-fraud-warnings>).
//!
//! A warning moves no money and adds no entry to the ledger; the refund that may follow from it is a refund like others.

use crate::ids::FraudWarningId;
use crate::payment::FraudType;
use crate::payment::join_max::join_max;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A fact about the payment's early fraud warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FraudWarningFact {
    /// Stripe has the warning.
    Received(FraudWarningId, FraudWarning),
    /// What follows from the warning. Decided once, in the first write that knows the warning and that the payment is
    /// paid.
    Response(FraudWarningId, FraudResponse),
}

/// An early fraud warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FraudWarning {
    /// When Stripe received it.
    pub warned_at: Timestamp,
    pub fraud_type: FraudType,
    /// Stripe says that the charge is disputed or fully refunded, so that a refund would come too late.
    pub is_too_late: bool,
}

/// What follows from an early fraud warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FraudResponse {
    /// The policy leaves it to operators.
    Alarm,
    /// The policy would refund, and the payment is disputed, or all of it with the fee is refunded already.
    NotRefundable,
    /// A refund in full is requested.
    Refund,
}

/// Writes the word of the API.
impl fmt::Display for FraudResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The early fraud warnings of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FraudWarnings {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub received: BTreeMap<FraudWarningId, FraudWarning>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub responses: BTreeMap<FraudWarningId, FraudResponse>,
}

impl FraudWarnings {
    pub(crate) fn join(&mut self, fact: &FraudWarningFact) {
        match fact {
            FraudWarningFact::Received(id, warning) => {
                // A warning never becomes one that a refund could answer again, whatever comes later.
                let known = self.received.get(id);
                let is_too_late = warning.is_too_late || known.is_some_and(|known| known.is_too_late);
                if let Some(known) = self.received.get_mut(id) {
                    known.is_too_late = is_too_late;
                }
                join_max(&mut self.received, id, FraudWarning { is_too_late, ..*warning });
            }
            FraudWarningFact::Response(id, response) => join_max(&mut self.responses, id, *response),
        }
    }
}
