//! Why we close a payment ourselves.

use crate::receiving::ReasonCode;
use crate::stripe_minimum::StripeMinimum;
use serde::{Deserialize, Serialize};

/// Why we closed a payment that has no paid intent. Of two reasons the greater one is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedReason {
    /// No intent was created for it.
    Abandoned,
    /// The creator may no longer receive, which was found before the sender was given an intent.
    NotReceiving(Vec<ReasonCode>),
    /// Stripe definitely refused to create the intent, for none of the causes below.
    RefusedByStripe,
    /// Stripe charges no amount as small as this; its minimum, if it said so.
    AmountTooSmall(Option<StripeMinimum>),
    AmountTooLarge,
    CurrencyUnsupported,
}
