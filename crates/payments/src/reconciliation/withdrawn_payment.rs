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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::WaveName;
    use crate::payment::tests::payment;
    use crate::receiving::{Allowed, EligibilityInput, Policy, Receiver, Receiving, Wave, decide};
    use crate::timestamp::Timestamp;

    /// Whether a payment that `by` admitted is withdrawn, with the creator's own setting and the rollout of today.
    fn is_withdrawn(by: Admission, receiving: Receiving, rollout: &Rollout, sender_blocked: bool) -> bool {
        let mut payment = payment();
        payment.terms.allowed =
            Some(Allowed { by, rollout_version: 1, receiver_version: 1, wave_resumes: 0 });
        let receiver = Receiver { receiving, ..Receiver::unknown(payment.terms.creator.clone()) };
        let policy = Policy::default();
        let input = EligibilityInput::of(&receiver, rollout, &policy, Timestamp::from_seconds(1));
        payment.is_withdrawn(&decide(&EligibilityInput { sender_blocked, ..input }), rollout)
    }

    #[test]
    fn disabling_blocking_and_rolling_back_withdraw_a_payment_and_nothing_else_does() {
        let name = || WaveName::parse("a").expect("name");
        let by_wave = || Admission::Wave(name());
        let (without, with) = (Rollout::default(), Rollout::default().with_wave(Wave::new(name())));
        let withdrawn = |by, receiving, rollout| is_withdrawn(by, receiving, rollout, false);
        assert!(withdrawn(Admission::Operator, Receiving::Disabled, &with));
        assert!(is_withdrawn(Admission::Operator, Receiving::Enabled, &with, true), "blocked");
        assert!(!withdrawn(Admission::Operator, Receiving::Enabled, &with), "without an account");
        assert!(!withdrawn(Admission::Percentage, Receiving::ByRollout, &without), "no longer reached");
        assert!(withdrawn(by_wave(), Receiving::ByRollout, &without));
        assert!(!withdrawn(by_wave(), Receiving::ByRollout, &with), "the wave is open");
        assert!(!withdrawn(by_wave(), Receiving::Enabled, &without), "an operator admits the creator");
    }
}
