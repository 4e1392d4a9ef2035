//! How long Stripe remembers an idempotency key.

use crate::timestamp::Timestamp;

/// How long a request is sent to Stripe again under the same key. Stripe may forget a key after 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>); one hour is a margin. After that, what the request would
/// have created is looked up and never sent again.
pub const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;

/// Whether a request may still be sent under its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAge {
    /// Stripe answers as it did the first time.
    Remembered,
    /// Stripe may do it a second time.
    MayBeForgotten,
}

impl KeyAge {
    /// The age of the key of what was asked for at a time.
    #[must_use]
    pub fn of(asked_at: Timestamp, now: Timestamp) -> Self {
        if now.seconds() - asked_at.seconds() < STRIPE_KEY_LIFETIME_S {
            Self::Remembered
        } else {
            Self::MayBeForgotten
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_remembered_for_23_hours() {
        let asked_at = Timestamp::from_seconds(1_000);
        let age = |age_s| KeyAge::of(asked_at, asked_at.plus_seconds(age_s));
        assert_eq!((age(0), age(82_799)), (KeyAge::Remembered, KeyAge::Remembered));
        assert_eq!(age(82_800), KeyAge::MayBeForgotten);
    }
}
