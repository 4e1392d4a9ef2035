//! Reconciliation finds at Stripe what the webhook missed, and joins it by the same code (`payments-bookkeeping`).
//! It runs in slices that save their progress; no step may depend on the process that ran the one before.
//! Operators also read the drift report, the quarantine and the evidence about a payment here, and rebuild totals.
//! Start at `routes`, then `reconcile`, which runs the `stages`.

mod cancel_open_intents;
mod carried_differences;
mod differences;
mod due_cursor;
mod error;
mod get_drift;
mod get_parked_event;
mod get_payment_evidence;
mod get_payment_of_stripe_object;
mod get_statement;
mod list_quarantine;
mod note_unreadable;
mod on_schedule;
mod reach_back;
mod rebuild_totals;
mod reconcile;
mod redrive_event;
mod routes;
mod run_progress;
mod save_progress;
mod side_by_side;
mod stages;
mod statement_csv;
mod table_access;

pub use error::ReconciliationError;
pub use on_schedule::on_schedule;
pub use reconcile::{Occasion, work};
pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
