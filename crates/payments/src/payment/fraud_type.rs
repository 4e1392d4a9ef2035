//! The type of fraud that an issuer reports.

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of fraud that an issuer reports
/// (<https://docs.stripe.com/api/radar/early_fraud_warnings/object#early_fraud_warning_object-fraud_type>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FraudType {
    CardNeverReceived,
    FraudulentCardApplication,
    MadeWithCounterfeitCard,
    MadeWithLostCard,
    MadeWithStolenCard,
    Misc,
    UnauthorizedUseOfCard,
    /// A type that we do not know.
    Other,
}

impl FraudType {
    /// Parses Stripe's word.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::deserialize(StrDeserializer::<ValueError>::new(word)).unwrap_or(Self::Other)
    }
}

/// Writes Stripe's word; `other` for one that we do not know.
impl fmt::Display for FraudType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
