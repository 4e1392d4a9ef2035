//! Ids that are derived from who asked for what: the same request finds the same id.

use super::{FeedbackId, FraudWarningId, IdempotencyKey, PaymentId, RefundRequestId, UserId};
use crate::secret::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A keyed hash. No part contains a NUL, which separates them, so different parts never give the same input.
pub(super) fn derived(secret: &Secret, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("HMAC takes a key of any length");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            mac.update(b"\0");
        }
        mac.update(part.as_bytes());
    }
    hex::encode(&mac.finalize().into_bytes()[..16])
}

impl PaymentId {
    /// The id of the payment that `caller` requests under `key`. It is a keyed hash: a retry finds the earlier payment
    /// without an index, and an id reveals nothing about the caller.
    ///
    /// The secret must never rotate: under another secret, a retry would not find its payment.
    #[must_use]
    pub fn derive(secret: &Secret, caller: &UserId, key: &IdempotencyKey) -> Self {
        Self(format!("pay_{}", derived(secret, &["payment.v1", caller.as_str(), key.as_str()])))
    }
}

impl RefundRequestId {
    /// The id of the refund of `payment` that `caller` requests under `key`. The secret must never rotate.
    #[must_use]
    pub fn derive(secret: &Secret, caller: &UserId, payment: &PaymentId, key: &IdempotencyKey) -> Self {
        let parts = ["refund.v1", caller.as_str(), payment.as_str(), key.as_str()];
        Self(format!("rfd_{}", derived(secret, &parts)))
    }

    /// The id of the refund of `payment` that an early fraud warning asks for: one for each warning. It hides nothing, so
    /// it needs no secret.
    #[must_use]
    pub fn of_warning(payment: &PaymentId, warning: &FraudWarningId) -> Self {
        let parts = ["fraud_refund.v1", payment.as_str(), warning.as_str()];
        Self(format!("rfd_{}", derived(&Secret::new(""), &parts)))
    }
}

impl FeedbackId {
    /// The id of the feedback of `by` about `subject`: later feedback replaces the earlier. It hides nothing, so it needs
    /// no secret.
    #[must_use]
    pub fn derive(by: &UserId, subject: &str) -> Self {
        Self(format!("fbk_{}", derived(&Secret::new(""), &["feedback.v1", by.as_str(), subject])))
    }
}

impl UserId {
    /// A digest of the id, for where its length or its characters do not fit. It hides nothing, so it needs no secret.
    #[must_use]
    pub fn digest(&self) -> String {
        derived(&Secret::new(""), &["user.v1", self.as_str()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_id_depends_on_secret_caller_and_key_only() {
        let secret = Secret::new("s");
        let id = |caller: &str, key: &str| {
            PaymentId::derive(
                &secret,
                &UserId::parse(caller).expect("user"),
                &IdempotencyKey::parse(key).expect("key"),
            )
        };
        assert_eq!(id("a", "k"), id("a", "k"));
        assert_ne!(id("a", "k"), id("b", "k"));
        assert_ne!(id("a", "k"), id("a", "l"));
        assert_ne!(id("a", "bk"), id("ab", "k"));
        assert!(PaymentId::parse(id("a", "k").as_str()).is_ok());
        // A retry after a later release has to find the payment that an earlier one made.
        assert_eq!(id("a", "k").as_str(), "pay_a593a65fdb200753575745b267704988");
        let other = PaymentId::derive(
            &Secret::new("t"),
            &UserId::parse("a").expect("user"),
            &IdempotencyKey::parse("k").expect("key"),
        );
        assert_ne!(other, id("a", "k"));
    }
}
