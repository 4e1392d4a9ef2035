//! The terms of a payment: fixed when it is created.

use crate::ids::{CreatorId, PaymentId, UserId, WaveName};
use crate::money::Money;
use crate::payment::{Fingerprint, IntentParameters};
use crate::receiving::{Admission, Allowed};
use crate::text_limits::{Context, Message};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The terms of a payment. They never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    pub sender: UserId,
    pub creator: CreatorId,
    /// The amount that the sender chose. The creator receives all of it.
    pub chosen: Money,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Message>,
    /// Whether the sender is hidden from the creator.
    pub anonymous: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<Context>,
    /// Of the request's body: tells a retry from another request under the same key.
    pub fingerprint: Fingerprint,
    /// The decision that allowed it; absent from rows that are older than this field.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allowed: Option<Allowed>,
    pub parameters: IntentParameters,
    pub created_at: Timestamp,
}

impl PaymentTerms {
    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        &self.parameters.payment_id
    }

    /// The wave that the payment counts for: the one that opened receiving to the creator, if one did.
    #[must_use]
    pub fn wave(&self) -> Option<&WaveName> {
        match &self.allowed.as_ref()?.by {
            Admission::Wave(name) => Some(name),
            Admission::Operator | Admission::Percentage => None,
        }
    }

    /// The processing fee in minor units.
    #[must_use]
    pub fn fee(&self) -> i64 {
        self.parameters.total.amount() - self.chosen.amount()
    }
}
