//! Which of two snapshots of an object is the later one.

use crate::ids::EventId;
use serde::{Deserialize, Serialize};

/// The time and source of a snapshot. The greatest stamp is the latest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Stripe's time, in seconds since the Unix epoch.
    pub at_s: i64,
    /// Decides between snapshots of the same second.
    pub source: StampSource,
}

/// How a snapshot was obtained. Within one second, a later variant wins over an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StampSource {
    /// The reply to the creation.
    Creation,
    Event(EventId),
    /// A retrieval that resolves a tie, at this time of our clock in milliseconds.
    Retrieval(i64),
}

impl Stamp {
    /// The stamp of an event.
    #[must_use]
    pub fn of_event(created_s: i64, event: EventId) -> Self {
        Self { at_s: created_s, source: StampSource::Event(event) }
    }

    /// The stamp of a creation's reply: the lowest of its second, because Stripe may replay the reply later.
    #[must_use]
    pub fn of_creation(created_s: i64) -> Self {
        Self { at_s: created_s, source: StampSource::Creation }
    }

    /// The stamp of a retrieval that resolves a tie within the second `at_s`: it wins over that second's events and over
    /// earlier retrievals.
    #[must_use]
    pub fn of_retrieval(at_s: i64, retrieved_at_ms: i64) -> Self {
        Self { at_s, source: StampSource::Retrieval(retrieved_at_ms) }
    }
}
