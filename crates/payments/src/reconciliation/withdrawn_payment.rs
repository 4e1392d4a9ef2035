//! Which open payments a cancellation of open intents, or a review of them, concerns.

use crate::payment::Payment;
use crate::receiving::{Admission, Decision, ReasonCode, Rollout};

impl Payment {
    /// Whether an operator's cancellation covers this payment: an earlier version of the rollout allowed it. A payment
    /// without a stored decision is covered by its time.
    #[must_use]
    pub fn is_canceled_by(&self, rollout: &Rollout) -> bool {
        match &self.terms.allowed {
            Some(allowed) => rollout.cancel_open_before.is_some_and(|first| allowed.rollout_version < first),
            None => rollout.cancel_open_until.is_some_and(|until| self.terms.created_at <= until),
        }
    }

    /// Whether a review cancels this payment: the creator is disabled or blocks the sender now, or the wave that
    /// admitted the payment is rolled back and nothing else admits the creator. `decision` is today's, about the
    /// payment's creator and sender. What else refuses a new payment leaves open ones alone.
    #[must_use]
    pub fn is_withdrawn(&self, decision: &Decision, rollout: &Rollout) -> bool {
        let withdraws =
            |reason| matches!(reason, ReasonCode::DisabledByOperator | ReasonCode::UnavailableToYou);
        let wave = self.terms.allowed.as_ref().and_then(|allowed| match &allowed.by {
            Admission::Wave(name) => Some(name),
            Admission::Operator | Admission::Percentage => None,
        });
        let is_rolled_back = wave.is_some_and(|name| rollout.wave(name).is_none());
        decision.reasons().any(withdraws) || (is_rolled_back && decision.admission.is_none())
    }
}
