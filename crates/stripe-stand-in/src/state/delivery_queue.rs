//! Deliveries by due time.

use crate::objects::deliveries::{Deliveries, DeliveryState};
use crate::objects::records::Records;
use std::collections::BTreeSet;

/// Open deliveries as (due time, event, endpoint), derived from the events.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeliveryQueue(pub(crate) BTreeSet<(i64, String, usize)>);

impl DeliveryQueue {
    pub(crate) fn of(records: &Records) -> Self {
        let mut queue = Self::default();
        for event in records.events.rows().values() {
            queue.add_due(&event.id, &event.deliveries);
        }
        for event in records.thin_events.rows().values() {
            queue.add_due(&event.id, &event.deliveries);
        }
        queue
    }

    fn add_due(&mut self, event_id: &str, deliveries: &Deliveries) {
        for (endpoint, delivery) in deliveries {
            match delivery.state {
                DeliveryState::Due { at_ms } => self.add(at_ms, event_id.to_owned(), *endpoint),
                DeliveryState::Delivered | DeliveryState::GivenUp => {}
            }
        }
    }

    pub(crate) fn add(&mut self, at_ms: i64, event_id: String, endpoint: usize) {
        self.0.insert((at_ms, event_id, endpoint));
    }
}
