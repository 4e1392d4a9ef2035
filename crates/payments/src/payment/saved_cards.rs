//! Where a sender's kept cards are shown, and what is known of one.

use crate::ids::PaymentMethodId;
use serde::{Deserialize, Serialize};

/// The element that shows a sender the cards that they keep, and offers to keep another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavedCards {
    /// The Payment Element of Stripe.js.
    Web,
    /// The mobile Payment Element of Stripe's iOS and Android libraries.
    Mobile,
}

/// A card that a sender keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedCard {
    pub id: PaymentMethodId,
    /// Stripe's name of the network, such as `visa`.
    pub brand: String,
    pub last4: String,
    pub exp_month: u8,
    pub exp_year: u16,
}
