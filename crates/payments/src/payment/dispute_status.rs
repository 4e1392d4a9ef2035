//! A dispute's status. It decides no money.

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A dispute's status (<https://docs.stripe.com/api/disputes/object#dispute_object-status>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// An inquiry waits for an answer.
    WarningNeedsResponse,
    /// An inquiry was answered.
    WarningUnderReview,
    /// An inquiry ended without a chargeback.
    WarningClosed,
    /// A chargeback waits for evidence.
    NeedsResponse,
    /// The evidence is under review.
    UnderReview,
    /// Prevented before it became a dispute.
    Prevented,
    Won,
    Lost,
    /// A status that we do not know.
    Other,
}

impl DisputeStatus {
    /// Parses Stripe's status.
    #[must_use]
    pub fn parse(status: &str) -> Self {
        Self::deserialize(StrDeserializer::<ValueError>::new(status)).unwrap_or(Self::Other)
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::WarningClosed | Self::Prevented | Self::Won | Self::Lost)
    }
}

/// Writes Stripe's status; `other` for one that we do not know.
impl fmt::Display for DisputeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
