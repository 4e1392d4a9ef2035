//! What can be unfinished about a payment, and the growing pauses after which each is looked at or tried again.

use serde::{Deserialize, Serialize};

/// A payment without an intent is closed at this age. Its sender never got a client secret, so nobody can pay it.
pub const ABANDONED_AFTER_S: i64 = 3_600;
/// The longest pause between two refreshes of an unfinished payment.
const MAX_PAUSE_S: i64 = 24 * 3_600;

/// Something about a payment that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenItem {
    /// Stripe's answer to the creation is not known.
    NoIntent,
    /// The intent may still be paid, even if we closed the payment.
    OpenIntent,
    /// Stripe's fee or the charge's transfer is not known.
    MissingChargeDetails,
    /// An amount is to be recovered or retransferred, or an instruction's outcome is not known.
    UnbalancedShare,
    /// A refund is requested but not created, or not finished at Stripe.
    UnfinishedRefund,
    OpenDispute,
    /// Stripe contradicts the payment. Nothing is retrieved for it: it is reported each time.
    Difference,
}

impl OpenItem {
    /// The pause in seconds before the next refresh of an item of this age: half of the age, but at least the first pause
    /// and at most a day.
    pub(crate) fn pause_s(self, age_s: i64) -> i64 {
        (age_s / 2).clamp(self.first_pause_s(), MAX_PAUSE_S)
    }

    pub(crate) fn first_pause_s(self) -> i64 {
        match self {
            Self::NoIntent | Self::OpenIntent | Self::Difference => ABANDONED_AFTER_S,
            Self::MissingChargeDetails => 15 * 60,
            Self::UnbalancedShare | Self::UnfinishedRefund => 5 * 60,
            Self::OpenDispute => 24 * 3_600,
        }
    }
}
