//! Calls under chaos: what a caller gets to see of each.

use crate::state::chaos::CallFault;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::reply::Reply;

/// What becomes of one call to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallFate {
    /// It is answered as ever.
    Pass,
    /// It gets this answer, and does nothing.
    RefuseBefore(Reply),
    /// It does what it does, and nobody hears of it.
    LoseResponse,
}

impl Sandbox {
    /// What becomes of the next call. Calls outside the API, such as the 3-D Secure page, always pass.
    pub(crate) fn next_call_fate(&mut self, call: &Call) -> CallFate {
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

    pub(crate) fn rate_limited(&mut self, reason: &str) -> Reply {
        self.refusal(&StripeError::rate_limit()).with("stripe-rate-limited-reason", reason)
    }

    /// An answer without effect: nothing is kept for the idempotency key.
    fn refusal(&mut self, error: &StripeError) -> Reply {
        let request_id = self.mint("req_", 14);
        Reply::json(error.status, &error.body(&request_id)).with("request-id", request_id)
    }
}
