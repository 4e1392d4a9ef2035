//! How long Stripe remembers an idempotency key.

use crate::timestamp::Timestamp;

/// How long a request is sent to Stripe again under the same key. Stripe may forget a key after 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>); one hour is a margin. After that, what the request would
/// have created is looked up and never sent again.
pub const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;

/// As [`STRIPE_KEY_LIFETIME_S`], for requests of API v2: Stripe remembers their keys for 30 days, and executes a request
/// that failed again (<https://docs.stripe.com/api-v2-overview#idempotency>).
pub const STRIPE_V2_KEY_LIFETIME_S: i64 = 30 * 86_400 - 3_600;

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
        Self::within(STRIPE_KEY_LIFETIME_S, asked_at, now)
    }

    /// The age of the key of a request of API v2.
    #[must_use]
    pub fn in_v2(asked_at: Timestamp, now: Timestamp) -> Self {
        Self::within(STRIPE_V2_KEY_LIFETIME_S, asked_at, now)
    }

    fn within(lifetime_s: i64, asked_at: Timestamp, now: Timestamp) -> Self {
        if now.seconds() - asked_at.seconds() < lifetime_s { Self::Remembered } else { Self::MayBeForgotten }
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

    #[test]
    fn a_key_of_api_v2_is_remembered_for_an_hour_less_than_30_days() {
        let asked_at = Timestamp::from_seconds(1_000);
        let age = |age_s| KeyAge::in_v2(asked_at, asked_at.plus_seconds(age_s));
        assert_eq!((age(82_800), age(2_588_399)), (KeyAge::Remembered, KeyAge::Remembered));
        assert_eq!(age(2_588_400), KeyAge::MayBeForgotten);
    }
}
