//! Reconciliation: whatever a webhook did not tell is found at Stripe, and joined by the same code. On a schedule, and
//! by operators: `POST /v1/admin/reconciliations`, `GET /v1/admin/drift`, and the quarantine of parked events.
//!
//! It is worked off in slices that end in time. What is done with is kept after each page, so the next slice goes on
//! there, in this process or in another.

mod accounts;
mod cancel_open;
mod due;
mod error;
mod handler;
mod intents;
mod list;
mod progress;
mod quarantine;
mod rebuild_counts;
mod report;
mod rollout;
mod slice;
mod transactions;
mod undelivered;

pub use error::ReconciliationError;
pub use handler::{ROUTES, handle, on_schedule};
pub use slice::{Occasion, work};
