//! `POST` and `GET /v1/payments/{payment_id}/refunds`: a sender takes a payment back within the window, an operator at
//! any time. `POST /v1/admin/payments/{payment_id}/redirect`: an operator sends what is to be paid to a creator again to
//! the account that the creator has today.
//!
//! The function contains no rules: `payments` decides a refund, and `payments-bookkeeping` executes it. Read
//! `create_refund` first.

mod create_refund;
mod list_refunds;
mod payment_of_caller;
mod redirect_payment;
mod refusals;
mod request_body;
mod responses;
mod routes;
mod table_access;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
