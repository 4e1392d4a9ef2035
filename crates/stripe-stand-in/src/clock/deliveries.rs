//! Handing out the deliveries that are due, and what follows from how each went. The server sends them.

use crate::objects::deliveries::DeliveryState;
use crate::state::sandbox::Sandbox;

/// The first wait after a failed delivery; each following one is twice as long. Stripe's own are minutes to
/// hours: too long to watch on a laptop.
const FIRST_RETRY_MS: i64 = 500;

const LONGEST_RETRY_MS: i64 = 60_000;

/// Stripe stops trying after three days; the event stays listed with `delivery_success=false`.
const GIVE_UP_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// How long an attempt that never reported back counts as under way.
const LEASE_MS: i64 = 60_000;

/// One delivery to make now.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The event's id.
    pub event_id: String,
    /// Which of the endpoints it goes to.
    pub endpoint: usize,
    /// The body to post, the same bytes that the signature is made over.
    pub body: String,
    lease_ms: i64,
}

/// How a delivery went. Only a 2xx counts as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The endpoint answered 2xx.
    Yes,
    /// Another status, no answer in time, or no connection.
    No,
}

impl Sandbox {
    /// Up to `limit` deliveries due at `now_ms`. Until [`Sandbox::delivered`] tells how one went it is not
    /// given out again, unless a minute passes.
    pub fn due_deliveries(&mut self, now_ms: i64, limit: usize) -> Vec<Attempt> {
        self.advance(now_ms);
        let endpoints = self.settings.endpoints;
        let due: Vec<_> = self
            .pending
            .0
            .iter()
            .take_while(|(at_ms, _, _)| *at_ms <= now_ms)
            .filter(|(_, _, endpoint)| *endpoint < endpoints)
            .take(limit)
            .cloned()
            .collect();
        let mut attempts = Vec::with_capacity(due.len());
        for key in due {
            self.pending.0.remove(&key);
            let (_, event_id, endpoint) = key;
            let Some(event) = self.records.events.get(&event_id) else {
                continue;
            };
            let body = event.body();
            let lease_ms = now_ms + LEASE_MS;
            self.pending.0.insert((lease_ms, event_id.clone(), endpoint));
            attempts.push(Attempt { event_id, endpoint, body, lease_ms });
        }
        attempts
    }

    /// When the next delivery is due, or the next change that will cause some, in Unix milliseconds.
    #[must_use]
    pub fn next_delivery_ms(&self) -> Option<i64> {
        let endpoints = self.settings.endpoints;
        let delivery = self.pending.0.iter().find(|(_, _, endpoint)| *endpoint < endpoints);
        delivery.map(|(at_ms, _, _)| *at_ms).into_iter().chain(self.next_change_ms()).min()
    }

    /// Books how a delivery went.
    pub fn delivered(&mut self, attempt: &Attempt, outcome: Delivered, now_ms: i64) {
        let Attempt { event_id, endpoint, lease_ms, .. } = attempt;
        self.pending.0.remove(&(*lease_ms, event_id.clone(), *endpoint));
        let Some(event) = self.records.events.get_mut(event_id) else {
            return;
        };
        let age_ms = now_ms.saturating_sub(event.created.saturating_mul(1000));
        let Some(delivery) = event.deliveries.get_mut(*endpoint) else {
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
            self.pending.0.insert((at_ms, event_id.clone(), *endpoint));
        }
    }
}
