//! What follows from a write to the table: events for the rest of the app, totals and counters, and waves that halt.
//!
//! The table's stream brings batches of records, each an item before and after a write, at least once. What is done with
//! them is the same however often and in which order they come: events have ids of their own, items are counted by
//! their version, and a wave that is halted does not halt again.

mod app;
mod batch;
mod halt;
mod handler;
mod process_record;
mod publish_with_retry;

pub use app::App;
pub use batch::{BatchAnswer, BatchFailure};
pub use handler::{BatchError, handle};
