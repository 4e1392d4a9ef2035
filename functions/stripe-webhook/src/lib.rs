//! `POST /v1/stripe/webhooks`: what Stripe tells becomes facts of a payment.
//!
//! 200 says that the event is durably applied, parked, or not ours; 400 that it is not Stripe's; 5xx that a
//! retry can help.

mod handler;

pub use handler::{ROUTES, handle};
