//! What a request does when its idempotency key already has a payment.

use crate::payment::{Payment, fact::ClosedReason, fingerprint::Fingerprint};
use crate::stripe_key::STRIPE_KEY_LIFETIME_S;
use crate::timestamp::Timestamp;

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
    /// As [`NextStep::Resume`], but Stripe may have forgotten the key: look for the intent.
    LookUp,
}

/// Decides by the earlier payment, before quote, eligibility or limits are looked at.
#[must_use]
pub fn next_step(earlier: &Payment, request: &Fingerprint, now: Timestamp) -> NextStep {
    let age_s = now.seconds() - earlier.terms.created_at.seconds();
    if earlier.terms.fingerprint != *request {
        NextStep::KeyReused
    } else if let Some(closure) = earlier.closed_reason() {
        NextStep::Closed(closure.clone())
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

    fn knowing(facts: &[Fact]) -> Payment {
        payment().join(facts).expect("news").after
    }

    #[test]
    fn another_body_under_the_key_is_refused_whatever_became_of_the_payment() {
        assert_eq!(step(&payment(), "other", 1), NextStep::KeyReused);
        assert_eq!(step(&knowing(&[Fact::Succeeded]), "other", 1), NextStep::KeyReused);
    }

    #[test]
    fn a_payment_with_its_intent_is_replayed_at_any_age() {
        let attached = knowing(&[Fact::Intent(IntentId::parse("pi_1").expect("id"))]);
        assert_eq!(step(&attached, "body", 0), NextStep::Replay);
        assert_eq!(step(&attached, "body", 365 * 86_400), NextStep::Replay);
    }

    #[test]
    fn a_row_without_an_intent_is_carried_on_until_stripe_may_forget_the_key() {
        assert_eq!(step(&payment(), "body", 0), NextStep::Resume);
        assert_eq!(step(&payment(), "body", 82_799), NextStep::Resume);
        assert_eq!(step(&payment(), "body", 82_800), NextStep::LookUp);
    }

    #[test]
    fn a_closed_payment_gives_its_refusal_again_unless_it_was_paid_all_the_same() {
        let closed = knowing(&[Fact::Closed(ClosedReason::RefusedByStripe)]);
        assert_eq!(step(&closed, "body", 1), NextStep::Closed(ClosedReason::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.join(&[intent, Fact::Succeeded]).expect("news").after;
        assert_eq!(step(&paid, "body", 1), NextStep::Replay);
    }
}
