//! What a write to the table triggers: events for the rest of the app, totals and counters, and waves that halt.
//! The stream brings each write at least once, so every step must be repeatable: events have ids of their own, items
//! are counted by their version, and a halted wave is not halted again. Nothing here calls Stripe or changes a payment.
//! Start at `handler`, then `process_record`.

mod app;
mod batch;
mod halt;
mod handler;
mod process_record;
mod publish_with_retry;

pub use app::App;
pub use batch::{BatchAnswer, BatchFailure};
pub use handler::{BatchError, handle};
