//! A refund's status at Stripe, and its rank.

use serde::{Deserialize, Serialize};

/// A refund's status at Stripe (<https://docs.stripe.com/api/refunds/object#refund_object-status>), by rank: a
/// refund can fail after it succeeded, and never the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    Pending,
    RequiresAction,
    Succeeded,
    Canceled,
    /// For example because the bank returned it.
    Failed,
}

impl RefundStatus {
    /// Whether the refund did not happen: its money is with the platform again.
    #[must_use]
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Canceled | Self::Failed)
    }

    /// Whether its outcome is still open.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Pending | Self::RequiresAction)
    }
}
