//! How long Stripe remembers an idempotency key.

/// How long a request is sent to Stripe again under the same key. Stripe may forget a key after 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>); one hour is a margin. After that, what the request would
/// have created is looked up and never sent again.
pub const STRIPE_KEY_LIFETIME_S: i64 = 23 * 3_600;
