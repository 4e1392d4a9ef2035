//! What Stripe still needs for an account, and how much of it is stored.

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How many requirements of each list are stored: Stripe asks for a few dozen at most, and every decision reads the
/// item that holds them.
const REQUIREMENTS_MAX: usize = 40;

/// What Stripe still needs for an account (<https://docs.stripe.com/connect/handling-api-verification>): names, no
/// values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub currently_due: Vec<String>,
    /// Overdue: capabilities are off until the creator submits it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub past_due: Vec<String>,
    /// Submitted, and in review at Stripe.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pending_verification: Vec<String>,
    /// Why capabilities are off, such as `requirements.past_due` or `rejected.fraud`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub disabled_reason: Option<String>,
    /// When the requirements that are currently due become past due.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline: Option<Timestamp>,
}

impl Requirements {
    /// Cuts each list to the number of names that is stored.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for names in [&mut self.currently_due, &mut self.past_due, &mut self.pending_verification] {
            names.truncate(REQUIREMENTS_MAX);
        }
        self
    }

    /// Whether the creator has something to submit.
    #[must_use]
    pub fn are_due(&self) -> bool {
        !(self.currently_due.is_empty() && self.past_due.is_empty())
    }
}
