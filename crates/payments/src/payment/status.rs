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

impl Status {
    /// The status as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    /// Reads a status as the API writes it; `None` for another text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Created,
            Self::RequiresPaymentMethod,
            Self::RequiresAction,
            Self::Processing,
            Self::Succeeded,
            Self::Canceled,
        ];
        all.into_iter().find(|status| status.as_str() == text)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_as_it_is_written() {
        for text in
            ["created", "requires_payment_method", "requires_action", "processing", "succeeded", "canceled"]
        {
            let status = Status::parse(text).expect("a status");
            assert_eq!((status.as_str(), serde_json::to_value(status).ok()), (text, Some(text.into())));
        }
        assert_eq!(Status::parse("settled"), None);
    }
}
