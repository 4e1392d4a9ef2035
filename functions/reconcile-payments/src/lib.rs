//! Reconciliation finds at Stripe what the webhook missed, and joins it by the same code (`payments-bookkeeping`).
//! It runs in slices that save their progress; no step may depend on the process that ran the one before.
//! Operators also read the drift report and the quarantine here, and rebuild totals.
//! Start at `handler`, then `slice`, which runs the stages.

mod account_events;
mod accounts;
mod balance;
mod cancel_open_intents;
mod due;
mod error;
mod handler;
mod intents;
mod progress;
mod quarantine;
mod rebuild_counts;
mod report;
mod rollout;
mod slice;
mod statement;
mod statement_csv;
mod statement_sums;
mod stripe_pages;
mod transactions;
mod undelivered;
mod unreadable_items;

pub use error::ReconciliationError;
pub use handler::{ROUTES, handle, on_schedule};
pub use slice::{Occasion, work};
