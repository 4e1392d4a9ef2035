//! Events as the app gets them: a stand-in for EventBridge takes them, and `GET /local/events` tells them on, as the
//! app's own push channel would.

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

/// How many events are kept to be told again to somebody who comes back.
const KEPT: usize = 1_000;

/// An event that was told.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its place; later ones have greater numbers, also after a restart.
    pub(crate) number: u64,
    /// Its type.
    pub(crate) detail_type: String,
    /// Whom it concerns, if one creator.
    pub(crate) creator_id: Option<String>,
    /// The whole of it, as EventBridge hands it to the target of a rule.
    pub(crate) envelope: Value,
}

/// What somebody wants to hear.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// Of this creator only.
    pub(crate) creator_id: Option<String>,
    /// Of these types only; of all when empty.
    pub(crate) detail_types: Vec<String>,
}

impl Wanted {
    fn includes(&self, told: &Told) -> bool {
        let creator = self.creator_id.is_none() || self.creator_id == told.creator_id;
        creator && (self.detail_types.is_empty() || self.detail_types.contains(&told.detail_type))
    }
}

/// The events of this run. It keeps the last of them, and nothing on disk.
pub(crate) struct Feed {
    kept: Mutex<VecDeque<Arc<Told>>>,
    /// The number of the last event.
    last: watch::Sender<u64>,
}

impl Feed {
    pub(crate) fn new(now: OffsetDateTime) -> Self {
        // Numbers of a later run are greater, so that whoever comes back with an older one hears all of it.
        let start = u64::try_from(epoch_ms(now)).unwrap_or_default() * 1_000;
        Self { kept: Mutex::default(), last: watch::Sender::new(start) }
    }

    /// Takes an event, and gives the id of this delivery.
    pub(crate) fn tell(&self, source: &str, detail_type: &str, detail: Value, now: OffsetDateTime) -> String {
        let creator_id = detail["creator_id"].as_str().map(str::to_owned);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.last.borrow() + 1;
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
        kept.push_back(Arc::new(Told { number, detail_type: detail_type.to_owned(), creator_id, envelope }));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        self.last.send_replace(number);
        id
    }

    /// The number of the last event, and word of later ones.
    fn listen(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    /// The first kept event behind a number that is wanted, or else the number up to which there is none.
    fn after(&self, number: u64, wanted: &Wanted) -> Result<Arc<Told>, u64> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut later = kept.iter().filter(|told| told.number > number);
        later.find(|told| wanted.includes(told)).cloned().ok_or(*self.last.borrow())
    }
}
