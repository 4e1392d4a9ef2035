//! What a request does when its idempotency key already has a payment.

use crate::{
    Closure, Fingerprint, IdempotencyKey, Move, MoveKind, Payment, PaymentId, RefundRequestId, Timestamp,
};

/// For how long a creation is sent to Stripe under its key. Stripe may forget a key after 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>); an hour is kept clear of that. Afterwards the
/// intent is looked up and never sent again.
pub const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;

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
    /// As [`NextStep::Resume`], but Stripe may have forgotten the key: look for the intent.
    LookUp,
}

/// Decides by the earlier payment, before quote, eligibility or limits are looked at.
#[must_use]
pub fn next_step(earlier: &Payment, request: &Fingerprint, now: Timestamp) -> NextStep {
    let age_s = now.seconds() - earlier.terms.created_at.seconds();
    if earlier.terms.fingerprint != *request {
        NextStep::KeyReused
    } else if let Some(closure) = earlier.closure() {
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
    use crate::{Fact, IntentId, MoveOutcome, TransferId, payment::tests::payment};

    fn step(payment: &Payment, body: &str, age_s: i64) -> NextStep {
        let now = payment.terms.created_at.plus_seconds(age_s);
        next_step(payment, &Fingerprint::of(&body), now)
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
        let closed = knowing(&[Fact::Closed(Closure::RefusedByStripe)]);
        assert_eq!(step(&closed, "body", 1), NextStep::Closed(Closure::RefusedByStripe));
        let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
        let paid = closed.learn(&[intent, Fact::Succeeded]).expect("news").after;
        assert_eq!(step(&paid, "body", 1), NextStep::Replay);
    }
}
