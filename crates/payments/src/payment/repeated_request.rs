//! Decides how to answer a request whose idempotency key already has a payment.

use crate::payment::{ClosedReason, Fingerprint, Payment};

/// How to answer a request whose key already has a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Refuse: the key was used with another body.
    KeyReused,
    /// We closed the payment: give the same refusal.
    Closed(ClosedReason),
    /// The payment has its intent: return it with its current status.
    Replay,
    /// The payment is recorded without Stripe's answer: send the stored parameters again.
    Resume,
}

/// Decides from the earlier payment alone, before quote, eligibility and limits are checked.
#[must_use]
pub fn next_step(earlier: &Payment, request: &Fingerprint) -> NextStep {
    if earlier.terms.fingerprint != *request {
        NextStep::KeyReused
    } else if let Some(reason) = earlier.closed_reason() {
        NextStep::Closed(reason.clone())
    } else if earlier.state.intent.is_some() {
        NextStep::Replay
    } else {
        NextStep::Resume
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IntentId;
    use crate::payment::{Fact, tests::payment};

    fn step(payment: &Payment, body: &str) -> NextStep {
        next_step(payment, &Fingerprint::of(&body))
    }

    fn with_facts(facts: &[Fact]) -> Payment {
        payment().join(facts).expect("a change").after
    }

    #[test]
    fn another_body_under_the_key_is_refused_in_every_state_of_the_payment() {
        assert_eq!(step(&payment(), "other"), NextStep::KeyReused);
        assert_eq!(step(&with_facts(&[Fact::Succeeded]), "other"), NextStep::KeyReused);
    }

    #[test]
    fn a_payment_is_resumed_until_it_has_its_intent_and_replayed_afterwards() {
        assert_eq!(step(&payment(), "body"), NextStep::Resume);
        let attached = with_facts(&[Fact::Intent(IntentId::parse("pi_1").expect("id"))]);
        assert_eq!(step(&attached, "body"), NextStep::Replay);
    }

    #[test]
    fn a_closed_payment_repeats_its_refusal_unless_it_was_paid_after_all() {
        let closed = with_facts(&[Fact::Closed(ClosedReason::RefusedByStripe)]);
        assert_eq!(step(&closed, "body"), NextStep::Closed(ClosedReason::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.join(&[intent, Fact::Succeeded]).expect("a change").after;
        assert_eq!(step(&paid, "body"), NextStep::Replay);
    }
}
