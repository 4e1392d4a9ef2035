//! A payment's status in the API.

use crate::payment::{Payment, Phase};
use serde::{Deserialize, Serialize};

/// A payment's status in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Recorded; its intent is not known yet.
    Created,
    /// Waits for a card, also after one was declined.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// The card network processes it.
    Processing,
    Succeeded,
    Canceled,
}

impl Payment {
    /// The status in the API.
    #[must_use]
    pub fn status(&self) -> Status {
        let state = &self.state;
        if state.succeeded {
            return Status::Succeeded;
        }
        if state.is_terminal() {
            return Status::Canceled;
        }
        match (&state.phase, &state.intent) {
            (Some((_, Phase::RequiresPaymentMethod)), _) | (None, Some(_)) => Status::RequiresPaymentMethod,
            (Some((_, Phase::RequiresAction)), _) => Status::RequiresAction,
            (Some((_, Phase::Processing)), _) => Status::Processing,
            (None, None) => Status::Created,
        }
    }
}
