//! What a request does when its idempotency key already has a payment.

use crate::payment::{Payment, fact::ClosedReason, fingerprint::Fingerprint};

/// What to do with a request whose key has a payment already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// The key was used for another body: refuse.
    KeyReused,
    /// We closed the payment without an intent: give the same refusal again.
    Closed(ClosedReason),
    /// The payment has its intent: give it with its current status.
    Replay,
    /// The payment was recorded, but Stripe's answer never was: carry on with the frozen parameters.
    Resume,
}

/// Decides by the earlier payment, before quote, eligibility or limits are looked at.
#[must_use]
pub fn next_step(earlier: &Payment, request: &Fingerprint) -> NextStep {
    if earlier.terms.fingerprint != *request {
        NextStep::KeyReused
    } else if let Some(closure) = earlier.closed_reason() {
        NextStep::Closed(closure.clone())
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
    use crate::payment::{fact::Fact, tests::payment};

    fn step(payment: &Payment, body: &str) -> NextStep {
        next_step(payment, &Fingerprint::of(&body))
    }

    fn knowing(facts: &[Fact]) -> Payment {
        payment().join(facts).expect("news").after
    }

    #[test]
    fn another_body_under_the_key_is_refused_whatever_became_of_the_payment() {
        assert_eq!(step(&payment(), "other"), NextStep::KeyReused);
        assert_eq!(step(&knowing(&[Fact::Succeeded]), "other"), NextStep::KeyReused);
    }

    #[test]
    fn a_payment_is_replayed_once_it_has_its_intent_and_carried_on_before() {
        assert_eq!(step(&payment(), "body"), NextStep::Resume);
        let attached = knowing(&[Fact::Intent(IntentId::parse("pi_1").expect("id"))]);
        assert_eq!(step(&attached, "body"), NextStep::Replay);
    }

    #[test]
    fn a_closed_payment_gives_its_refusal_again_unless_it_was_paid_all_the_same() {
        let closed = knowing(&[Fact::Closed(ClosedReason::RefusedByStripe)]);
        assert_eq!(step(&closed, "body"), NextStep::Closed(ClosedReason::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.join(&[intent, Fact::Succeeded]).expect("news").after;
        assert_eq!(step(&paid, "body"), NextStep::Replay);
    }
}
