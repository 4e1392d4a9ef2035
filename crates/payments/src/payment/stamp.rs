//! When something was seen at Stripe, and which of two sightings is the later.

use crate::ids::EventId;
use serde::{Deserialize, Serialize};

/// The place of a phase in time: the greatest wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Stripe's time in seconds since the epoch.
    pub at_s: i64,
    /// What told, within that second.
    pub source: Source,
}

/// What told a phase; a later variant beats an earlier one within the same second.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The reply to the creation.
    Creation,
    /// An event.
    Event(EventId),
    /// A retrieval at so many milliseconds of our clock, made to settle a tie.
    Retrieval(i64),
}

impl Stamp {
    /// The stamp of an event.
    #[must_use]
    pub fn of_event(created_s: i64, event: EventId) -> Self {
        Self { at_s: created_s, source: Source::Event(event) }
    }

    /// The stamp of a creation's reply: the lowest of its second, since the reply may be a replay.
    #[must_use]
    pub fn of_creation(created_s: i64) -> Self {
        Self { at_s: created_s, source: Source::Creation }
    }

    /// The stamp of a retrieval made to settle a tie within the second `at_s`: it beats that second's
    /// events, and an earlier retrieval.
    #[must_use]
    pub fn of_retrieval(at_s: i64, retrieved_at_ms: i64) -> Self {
        Self { at_s, source: Source::Retrieval(retrieved_at_ms) }
    }
}
