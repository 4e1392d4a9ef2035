//! How long Stripe remembers an idempotency key.

/// For how long a creation is sent to Stripe under its key. Stripe may forget a key after 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>); an hour is kept clear of that. Afterwards the
/// intent is looked up and never sent again.
pub const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;
