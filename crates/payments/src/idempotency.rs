//! What a request does when its idempotency key already has a payment.

use crate::{Closure, IdempotencyKey, Move, MoveKind, Payment, PaymentId, RefundRequestId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A digest of a request's parsed fields: SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of any request whose fields serialize in a fixed order.
    #[must_use]
    pub fn of(request: &impl Serialize) -> Self {
        let canonical = serde_json::to_vec(request).unwrap_or_default();
        Self(hex::encode(Sha256::digest(canonical)))
    }
}

/// The calls to Stripe that a payment makes. Each that moves money has its own key, the same on every path and attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripeCall<'a> {
    /// Creates the intent.
    Create,
    /// Cancels it. Twice does no harm, and a refusal must not be replayed when the intent is open again: so each call has
    /// a key of its own, made of this number.
    Cancel(u64),
    /// Makes a refund.
    Refund(&'a RefundRequestId),
    /// Moves the creator's share. After a definite refusal, which Stripe would replay, the next one has a number of
    /// its own.
    Move(&'a Move),
}

impl StripeCall<'_> {
    /// The key of this call for a payment, such as `pay_…/create`.
    #[must_use]
    pub fn key(self, payment: &PaymentId) -> IdempotencyKey {
        let key = match self {
            Self::Create => format!("{payment}/create"),
            Self::Cancel(call) => format!("{payment}/cancel/{call:016x}"),
            Self::Refund(request) => format!("{request}/refund"),
            Self::Move(decided) => match decided.kind {
                MoveKind::Reversal(_) => format!("{payment}/reversal/{}", decided.number),
                MoveKind::Transfer => format!("{payment}/transfer/{}", decided.number),
            },
        };
        IdempotencyKey::parse(&key).expect("an id, a word and a number are visible and short")
    }
}

/// What to do with a request whose key has a payment already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// The key was used for another body: refuse.
    KeyReused,
    /// We closed the payment without an intent: give the same refusal again.
    Closed(Closure),
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
    } else if let Some(closure) = earlier.closure() {
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
    use crate::{Fact, IntentId, MoveOutcome, TransferId, payment::tests::payment};

    fn step(payment: &Payment, body: &str) -> NextStep {
        next_step(payment, &Fingerprint::of(&body))
    }

    fn knowing(facts: &[Fact]) -> Payment {
        payment().learn(facts).expect("news").after
    }

    #[test]
    fn each_call_to_stripe_has_a_key_of_its_own() {
        let payment = payment();
        let key = |call: StripeCall| call.key(payment.id()).to_string();
        assert_eq!(key(StripeCall::Create), "pay_0123456789abcdef0123456789abcdef/create");
        let canceled = key(StripeCall::Cancel(7));
        assert_eq!(canceled, "pay_0123456789abcdef0123456789abcdef/cancel/0000000000000007");
        let request = RefundRequestId::parse(&format!("rfd_{:032x}", 7)).expect("id");
        assert_eq!(key(StripeCall::Refund(&request)), "rfd_00000000000000000000000000000007/refund");
        let (decided_at, outcome) = (payment.terms.created_at, MoveOutcome::Decided);
        let own = MoveKind::Reversal(TransferId::parse("tr_1").expect("id"));
        let reversal = Move { number: 1, kind: own, amount: 5, decided_at, outcome, refused_since: None };
        let moved = key(StripeCall::Move(&reversal));
        assert_eq!(moved, "pay_0123456789abcdef0123456789abcdef/reversal/1");
        let again = Move { number: 2, kind: MoveKind::Transfer, ..reversal };
        let moved = key(StripeCall::Move(&again));
        assert_eq!(moved, "pay_0123456789abcdef0123456789abcdef/transfer/2");
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
        let closed = knowing(&[Fact::Closed(Closure::RefusedByStripe)]);
        assert_eq!(step(&closed, "body"), NextStep::Closed(Closure::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.learn(&[intent, Fact::Succeeded]).expect("news").after;
        assert_eq!(step(&paid, "body"), NextStep::Replay);
    }
}
