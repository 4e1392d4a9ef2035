//! What was agreed when a payment was created.

use crate::ids::{CreatorId, PaymentId, UserId, WaveName};
use crate::money::Money;
use crate::note::{Context, Message};
use crate::payment::{fingerprint::Fingerprint, intent::IntentParameters};
use crate::receiving::{Admission, Allowed};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What was agreed when a payment was created; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    /// Who pays.
    pub sender: UserId,
    /// Who receives.
    pub creator: CreatorId,
    /// What the sender chose, all of which reaches the creator.
    pub chosen: Money,
    /// What the sender says with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Message>,
    /// Whether the creator is not told who sent it.
    pub anonymous: bool,
    /// What it is for in the app.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<Context>,
    /// Of the request's body, to tell a retry from another request under the same key.
    pub fingerprint: Fingerprint,
    /// The decision that allowed it; absent from rows older than decisions were kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allowed: Option<Allowed>,
    /// What is asked of Stripe, in every attempt.
    pub parameters: IntentParameters,
    /// When it was created.
    pub created_at: Timestamp,
}

impl PaymentTerms {
    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        &self.parameters.payment_id
    }

    /// The wave that it counts with: the one that opened receiving to its creator, if a wave did.
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
