//! The books under chaos: what a caller gets to see of each call, and when each event goes out.

use crate::books::Books;
use crate::call::Call;
use crate::chaos::{CallFault, Chaos, DeliveryFate, Faults};
use crate::deliveries::{Delivery, DeliveryState};
use crate::errors::StripeError;
use crate::reply::Reply;

/// What becomes of one call to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFate {
    /// It is answered as ever.
    Pass,
    /// It gets this answer, and does nothing.
    RefuseBefore(Reply),
    /// It does what it does, and nobody hears of it.
    LoseResponse,
}

impl Books {
    /// Puts faults in force, from the beginning of their sequence. They are no part of the books.
    pub fn set_faults(&mut self, faults: Faults) {
        self.chaos = Chaos::new(faults);
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.chaos.faults()
    }

    /// What becomes of the next call. Calls outside the API, such as the 3-D Secure page, always pass.
    pub fn next_call_fate(&mut self, call: &Call) -> CallFate {
        if !call.path.starts_with("/v1/") {
            return CallFate::Pass;
        }
        let refusal = match self.chaos.next_call() {
            None => return CallFate::Pass,
            Some(CallFault::LoseResponse) => return CallFate::LoseResponse,
            Some(CallFault::RateLimit) => self.rate_limited("global-rate"),
            // The one 429 that Stripe advises to repeat at once.
            Some(CallFault::LockTimeout) => {
                self.refusal(&StripeError::lock_timeout()).with("stripe-should-retry", "true")
            }
            Some(CallFault::ServerError) => {
                self.refusal(&StripeError::api("An unknown error occurred. (The stand-in was asked for it.)"))
            }
        };
        CallFate::RefuseBefore(refusal)
    }

    /// Answers as [`Books::handle`] does, but for the faults in force. `None`: the connection is cut without
    /// an answer, after the effect.
    pub fn handle_under_chaos(&mut self, call: &Call, now_ms: i64) -> Option<Reply> {
        match self.next_call_fate(call) {
            CallFate::Pass => Some(self.handle(call, now_ms)),
            CallFate::RefuseBefore(reply) => Some(reply),
            CallFate::LoseResponse => {
                self.handle(call, now_ms);
                None
            }
        }
    }

    pub(crate) fn rate_limited(&mut self, reason: &str) -> Reply {
        self.refusal(&StripeError::rate_limit()).with("stripe-rate-limited-reason", reason)
    }

    /// An answer without effect: nothing is kept for the idempotency key.
    fn refusal(&mut self, error: &StripeError) -> Reply {
        let request_id = self.mint("req_", 14);
        Reply::json(error.status, &error.body(&request_id)).with("request-id", request_id)
    }

    /// Makes a change, of which chaos may want nobody to be told.
    pub(crate) fn perhaps_untold<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        self.is_untold = self.chaos.next_change_is_untold();
        let changed = change(self);
        self.is_untold = false;
        changed
    }

    /// Makes an event due at an endpoint, as chaos will have it.
    pub(crate) fn dispatch(&mut self, event_id: &str, endpoint: usize, now_ms: i64) -> Delivery {
        let state = match self.chaos.next_delivery() {
            DeliveryFate::Lose => DeliveryState::GivenUp,
            DeliveryFate::Deliver { after_ms, again_after_ms } => {
                let at_ms = now_ms + after_ms;
                self.pending.add(at_ms, event_id.to_owned(), endpoint);
                if let Some(again_after_ms) = again_after_ms {
                    let again_ms = now_ms + again_after_ms;
                    // Two deliveries at the same moment would be one.
                    let again_ms = if again_ms == at_ms { at_ms + 1 } else { again_ms };
                    self.pending.add(again_ms, event_id.to_owned(), endpoint);
                }
                DeliveryState::Due { at_ms }
            }
        };
        Delivery { attempts: 0, state }
    }
}
