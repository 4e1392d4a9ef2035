//! Deliveries by due time.

use crate::objects::deliveries::DeliveryState;
use crate::objects::records::Records;
use std::collections::BTreeSet;

/// Open deliveries as (due time, event, endpoint), derived from the events.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeliveryQueue(pub(crate) BTreeSet<(i64, String, usize)>);

impl DeliveryQueue {
    pub(crate) fn of(records: &Records) -> Self {
        let due = records.events.rows().values().flat_map(|event| {
            event.deliveries.iter().enumerate().filter_map(|(endpoint, delivery)| match delivery.state {
                DeliveryState::Due { at_ms } => Some((at_ms, event.id.clone(), endpoint)),
                DeliveryState::Delivered | DeliveryState::GivenUp => None,
            })
        });
        Self(due.collect())
    }

    pub(crate) fn add(&mut self, at_ms: i64, event_id: String, endpoint: usize) {
        self.0.insert((at_ms, event_id, endpoint));
    }
}
