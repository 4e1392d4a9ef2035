//! Faults on calls, as the caller receives them.

use crate::state::chaos::CallFault;
use crate::state::idempotency;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::reply::Reply;

/// How one call to the API is handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallHandling {
    Answer,
    /// Answers with this and has no effect.
    Refuse(Reply),
    /// Begins, and fails with 500 without an effect ([`Sandbox::handle_failing`]).
    Fail,
    /// Has its effect, and cuts the connection without an answer.
    LoseResponse,
}

impl Sandbox {
    /// How the next call is handled. Calls outside the API, such as the 3-D Secure page, meet no faults.
    pub(crate) fn next_call_handling(&mut self, call: &Call) -> CallHandling {
        if !call.is_of_api() {
            return CallHandling::Answer;
        }
        let refusal = match self.chaos.next_call() {
            None => return CallHandling::Answer,
            // Only the outcome of a request with a key is kept.
            Some(CallFault::SavedServerError) if idempotency::scope(call).is_none() => {
                return CallHandling::Answer;
            }
            Some(CallFault::SavedServerError) => return CallHandling::Fail,
            Some(CallFault::LoseResponse) => return CallHandling::LoseResponse,
            Some(CallFault::RateLimit) => self.rate_limited(call, "global-rate"),
            // Stripe advises to retry this 429 at once.
            Some(CallFault::LockTimeout) => {
                self.refusal(call, &StripeError::lock_timeout()).with("stripe-should-retry", "true")
            }
            Some(CallFault::ServerError) => self.refusal(call, &StripeError::injected()),
        };
        CallHandling::Refuse(refusal)
    }

    pub(crate) fn rate_limited(&mut self, call: &Call, reason: &str) -> Reply {
        self.refusal(call, &StripeError::rate_limit()).with("stripe-rate-limited-reason", reason)
    }

    /// A refusal without effect, which is not saved for the idempotency key.
    fn refusal(&mut self, call: &Call, error: &StripeError) -> Reply {
        let request_id = self.mint("req_", 14);
        Reply::json(error.status, &error.body_at(&call.path, &request_id)).with("request-id", request_id)
    }
}
