//! `POST` and `GET /v1/payments/{payment_id}/refunds`: a sender takes a payment back within the window, an operator at
//! any time. `POST /v1/admin/payments/{payment_id}/redirect`: an operator sends what is to be paid to a creator again to
//! the account that the creator has today.
//!
//! The function contains no rules: `payments` decides a refund, and `payments-bookkeeping` executes it. Read `refund`
//! first.

mod handler;
mod redirect;
mod refund;
mod refund_request;
mod responses;

pub use handler::{ROUTES, handle};
