//! `POST /v1/stripe/webhooks`: verifies Stripe's events and applies them as facts.
//!
//! 200 means that the event is durably applied, parked or of no concern here; 400 that it is not Stripe's; 5xx that a
//! retry can help. The function does not interpret events: `payments-bookkeeping` does; read its `apply_event` next.

mod receive_stripe_event;
mod routes;
mod table_access;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
