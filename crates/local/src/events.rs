//! The feed of events: the stand-in for EventBridge accepts them, and `GET /local/events` streams them, as the app's
//! own push channel would.

mod put_events;
mod server_sent;

pub(crate) use put_events::put_events;
pub(crate) use server_sent::server_sent;

use crate::clock::{epoch_ms, rfc3339};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;
use tokio::sync::watch;

/// The number of latest events in memory, for clients that reconnect.
const CAPACITY: usize = 1_000;

/// A published event.
#[derive(Debug)]
pub(crate) struct FeedEvent {
    /// Grows with each event, also across restarts.
    pub(crate) number: u64,
    pub(crate) detail_type: String,
    /// `None` for an event about no creator.
    pub(crate) creator_id: Option<String>,
    /// The event as EventBridge sends it to a rule's target. JSON as text: a parsed value takes many times the memory.
    pub(crate) envelope: Box<str>,
}

/// Which events a client receives.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventFilter {
    /// `None` for all creators.
    pub(crate) creator_id: Option<String>,
    /// Empty for all types.
    pub(crate) detail_types: Vec<String>,
}

impl EventFilter {
    fn matches(&self, event: &FeedEvent) -> bool {
        let creator = self.creator_id.is_none() || self.creator_id == event.creator_id;
        creator && (self.detail_types.is_empty() || self.detail_types.contains(&event.detail_type))
    }
}

/// The latest events, in memory only.
pub(crate) struct Feed {
    events: Mutex<VecDeque<Arc<FeedEvent>>>,
    last_number: watch::Sender<u64>,
}

impl Feed {
    pub(crate) fn new(now: OffsetDateTime) -> Self {
        // Numbers of a later run are greater, so that a client of an earlier run receives all events of this one.
        let start = u64::try_from(epoch_ms(now)).unwrap_or_default() * 1_000;
        Self { events: Mutex::default(), last_number: watch::Sender::new(start) }
    }

    /// Publishes an event, and returns its id.
    pub(crate) fn publish(
        &self,
        source: &str,
        detail_type: &str,
        detail: Value,
        now: OffsetDateTime,
    ) -> String {
        let creator_id = detail["creator_id"].as_str().map(str::to_owned);
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.last_number.borrow() + 1;
        let id = format!("{number:032x}");
        let envelope = json!({
            "version": "0",
            "id": id,
            "detail-type": detail_type,
            "source": source,
            "account": "000000000000",
            "time": rfc3339(now),
            "region": "us-east-1",
            "resources": [],
            "detail": detail,
        });
        events.push_back(Arc::new(FeedEvent {
            number,
            detail_type: detail_type.to_owned(),
            creator_id,
            envelope: envelope.to_string().into(),
        }));
        if events.len() > CAPACITY {
            events.pop_front();
        }
        self.last_number.send_replace(number);
        id
    }

    /// The number of the last event, which changes with each event.
    fn subscribe(&self) -> watch::Receiver<u64> {
        self.last_number.subscribe()
    }

    /// The first matching event after `number`; or the last event's number when there is none.
    fn after(&self, number: u64, filter: &EventFilter) -> Result<Arc<FeedEvent>, u64> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let mut later = events.iter().filter(|event| event.number > number);
        later.find(|event| filter.matches(event)).cloned().ok_or(*self.last_number.borrow())
    }
}
