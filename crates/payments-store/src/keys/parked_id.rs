//! The names of parked events.

use payments::EventId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The prefix of the name of an event without a readable id.
const DIGEST: &str = "sha256:";

/// The name of a parked event: Stripe's id, or `sha256:` and the body's digest if the id cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ParkedId(String);

/// The text is not the name of a parked event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a parked event")]
pub struct NotAParkedId;

impl ParkedId {
    pub(crate) fn of_event(event: &EventId) -> Self {
        Self(event.to_string())
    }

    pub(crate) fn of_body(body: &[u8]) -> Self {
        Self(format!("{DIGEST}{}", hex::encode(Sha256::digest(body))))
    }

    /// Parses a name and accepts only the two forms.
    ///
    /// # Errors
    /// [`NotAParkedId`].
    pub fn parse(text: &str) -> Result<Self, NotAParkedId> {
        let is_hex =
            |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_name = EventId::parse(text).is_ok() || text.strip_prefix(DIGEST).is_some_and(is_hex);
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotAParkedId) }
    }
}

impl fmt::Display for ParkedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ParkedId {
    type Error = NotAParkedId;
    fn try_from(text: String) -> Result<Self, NotAParkedId> {
        Self::parse(&text)
    }
}
