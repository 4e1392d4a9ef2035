//! What a write to the table triggers: events for the rest of the app, totals and counters, and waves that halt.
//! The stream brings each write at least once, so every step must be repeatable: events have ids of their own, items
//! are counted by their version, and a halted wave is not halted again. Nothing here calls Stripe or changes a payment.
//! Start at `handle_batch`, then `process_records`.

mod alarm_metrics;
mod app;
mod batch_response;
mod count_items;
mod halt_waves;
mod handle_batch;
mod process_records;
mod publish_events;
mod publish_with_retry;
mod self_check;
mod stream_record;
mod table_access;
mod unreadable_records;

pub use app::App;
pub use batch_response::{BatchAnswer, BatchFailure};
pub use handle_batch::{BatchError, handle};
pub use self_check::SelfCheckError;
pub use table_access::TABLE_ACCESS;
