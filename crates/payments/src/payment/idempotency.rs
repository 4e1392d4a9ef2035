//! Decides how to answer a request whose idempotency key already has a payment.

use crate::payment::{Payment, fact::ClosedReason, fingerprint::Fingerprint};
use crate::stripe_key::STRIPE_KEY_LIFETIME_S;
use crate::timestamp::Timestamp;

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
    /// As [`NextStep::Resume`], but Stripe may have forgotten the key: look the intent up.
    LookUp,
}

/// Decides from the earlier payment alone, before quote, eligibility and limits are checked.
#[must_use]
pub fn next_step(earlier: &Payment, request: &Fingerprint, now: Timestamp) -> NextStep {
    let age_s = now.seconds() - earlier.terms.created_at.seconds();
    if earlier.terms.fingerprint != *request {
        NextStep::KeyReused
    } else if let Some(reason) = earlier.closed_reason() {
        NextStep::Closed(reason.clone())
    } else if earlier.state.intent.is_some() {
        NextStep::Replay
    } else if age_s < STRIPE_KEY_LIFETIME_S {
        NextStep::Resume
    } else {
        NextStep::LookUp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IntentId;
    use crate::payment::{fact::Fact, tests::payment};

    fn step(payment: &Payment, body: &str, age_s: i64) -> NextStep {
        let now = payment.terms.created_at.plus_seconds(age_s);
        next_step(payment, &Fingerprint::of(&body), now)
    }

    fn with_facts(facts: &[Fact]) -> Payment {
        payment().join(facts).expect("a change").after
    }

    #[test]
    fn another_body_under_the_key_is_refused_in_every_state_of_the_payment() {
        assert_eq!(step(&payment(), "other", 1), NextStep::KeyReused);
        assert_eq!(step(&with_facts(&[Fact::Succeeded]), "other", 1), NextStep::KeyReused);
    }

    #[test]
    fn a_payment_with_its_intent_is_replayed_at_any_age() {
        let attached = with_facts(&[Fact::Intent(IntentId::parse("pi_1").expect("id"))]);
        assert_eq!(step(&attached, "body", 0), NextStep::Replay);
        assert_eq!(step(&attached, "body", 365 * 86_400), NextStep::Replay);
    }

    #[test]
    fn a_payment_without_an_intent_is_resumed_until_stripe_may_forget_the_key() {
        assert_eq!(step(&payment(), "body", 0), NextStep::Resume);
        assert_eq!(step(&payment(), "body", 82_799), NextStep::Resume);
        assert_eq!(step(&payment(), "body", 82_800), NextStep::LookUp);
    }

    #[test]
    fn a_closed_payment_repeats_its_refusal_unless_it_was_paid_after_all() {
        let closed = with_facts(&[Fact::Closed(ClosedReason::RefusedByStripe)]);
        assert_eq!(step(&closed, "body", 1), NextStep::Closed(ClosedReason::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.join(&[intent, Fact::Succeeded]).expect("a change").after;
        assert_eq!(step(&paid, "body", 1), NextStep::Replay);
    }
}
