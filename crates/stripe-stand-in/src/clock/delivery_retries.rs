//! Deliveries that are due, and the retry schedule after a failure. The server sends them.

use crate::objects::deliveries::DeliveryState;
use crate::state::sandbox::Sandbox;

/// The first wait after a failed delivery; each later one is twice as long. Stripe waits minutes to hours, which is
/// too long for a local test.
const FIRST_RETRY_MS: i64 = 500;

const LONGEST_RETRY_MS: i64 = 60_000;

/// Stripe stops trying after three days; the event stays listed with `delivery_success=false`.
const GIVE_UP_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// How long an attempt without a reported outcome counts as under way.
const LEASE_MS: i64 = 60_000;

/// One delivery to make now.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub event_id: String,
    /// The endpoint's index.
    pub endpoint: usize,
    /// The exact bytes to sign and post.
    pub body: String,
    lease_ms: i64,
}

/// The outcome of a delivery: only a 2xx counts as delivered (docs.stripe.com/webhooks).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    Yes,
    /// Another status, no answer in time, or no connection.
    No,
}

impl Sandbox {
    /// Leases up to `limit` deliveries that are due at `now_ms`. A lease ends with [`Sandbox::delivered`], or after a
    /// minute.
    pub fn due_deliveries(&mut self, now_ms: i64, limit: usize) -> Vec<Attempt> {
        self.advance(now_ms);
        let endpoints = self.settings.endpoints.len();
        let due: Vec<_> = self
            .delivery_queue
            .0
            .iter()
            .take_while(|(at_ms, _, _)| *at_ms <= now_ms)
            .filter(|(_, _, endpoint)| *endpoint < endpoints)
            .take(limit)
            .cloned()
            .collect();
        let mut attempts = Vec::with_capacity(due.len());
        for key in due {
            self.delivery_queue.0.remove(&key);
            let (_, event_id, endpoint) = key;
            let Some(body) = self.records.event_body(&event_id) else {
                continue;
            };
            let lease_ms = now_ms + LEASE_MS;
            self.delivery_queue.0.insert((lease_ms, event_id.clone(), endpoint));
            attempts.push(Attempt { event_id, endpoint, body, lease_ms });
        }
        attempts
    }

    /// When the next delivery, or the next scheduled change, is due, in Unix milliseconds.
    #[must_use]
    pub fn next_delivery_ms(&self) -> Option<i64> {
        let endpoints = self.settings.endpoints.len();
        let delivery = self.delivery_queue.0.iter().find(|(_, _, endpoint)| *endpoint < endpoints);
        delivery.map(|(at_ms, _, _)| *at_ms).into_iter().chain(self.next_change_ms()).min()
    }

    /// Records the outcome of a delivery, and schedules a retry after a failure.
    pub fn delivered(&mut self, attempt: &Attempt, outcome: Delivered, now_ms: i64) {
        let Attempt { event_id, endpoint, lease_ms, .. } = attempt;
        self.delivery_queue.0.remove(&(*lease_ms, event_id.clone(), *endpoint));
        let Some((created_ms, deliveries)) = self.records.deliveries_mut(event_id) else {
            return;
        };
        let age_ms = now_ms.saturating_sub(created_ms);
        let Some(delivery) = deliveries.get_mut(endpoint) else {
            return;
        };
        if delivery.state == DeliveryState::Delivered {
            return;
        }
        let wait_ms = (FIRST_RETRY_MS << delivery.attempts.min(16)).min(LONGEST_RETRY_MS);
        delivery.attempts += 1;
        delivery.state = match outcome {
            Delivered::Yes => DeliveryState::Delivered,
            Delivered::No if age_ms >= GIVE_UP_AFTER_MS => DeliveryState::GivenUp,
            Delivered::No => DeliveryState::Due { at_ms: now_ms + wait_ms },
        };
        if let DeliveryState::Due { at_ms } = delivery.state {
            self.delivery_queue.0.insert((at_ms, event_id.clone(), *endpoint));
        }
    }
}
