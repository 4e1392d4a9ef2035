//! The parameters of the PaymentIntent.

use crate::ids::{AccountId, CustomerId, PaymentId};
use crate::money::Money;
use crate::payment::Labels;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every parameter of the destination charge. They are stored before Stripe is called, so that each attempt under the
/// same key is the same request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentParameters {
    /// Metadata `payment_id`.
    pub payment_id: PaymentId,
    /// Charged to the card (`amount`).
    pub total: Money,
    /// The creator's account (`transfer_data[destination]`).
    pub destination: AccountId,
    /// The creator's share, in minor units of the total's currency (`transfer_data[amount]`).
    pub transfer_amount: i64,
    /// Whether the creator's account is the merchant of the charge (`on_behalf_of`).
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub on_behalf_of: bool,
    pub labels: Box<Labels>,
    /// The Customer whose kept cards may pay, where the sender's app asked for them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub customer: Option<CustomerId>,
    /// Stripe sends its receipt to this address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub receipt_email: Option<String>,
}

/// Leaves the e-mail address out.
impl fmt::Debug for IntentParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntentParameters")
            .field("payment_id", &self.payment_id)
            .field("total", &self.total)
            .field("destination", &self.destination)
            .field("transfer_amount", &self.transfer_amount)
            .field("on_behalf_of", &self.on_behalf_of)
            .field("labels", &self.labels)
            .field("customer", &self.customer)
            .finish_non_exhaustive()
    }
}
