//! What can be unfinished about a payment.

use serde::{Deserialize, Serialize};

/// A payment without an intent is closed at this age. Its sender never got a client secret, so nobody can pay it.
pub const ABANDONED_AFTER_S: i64 = 3_600;

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
