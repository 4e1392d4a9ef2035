//! `POST` and `GET /v1/payments/{payment_id}/refunds`: a sender takes a payment back within the window, an operator at
//! any time.
//!
//! The function contains no rules: `payments` decides a refund, and `payments-bookkeeping` executes it. Read `refund`
//! first.

mod handler;
mod refund;
mod refund_request;
mod responses;

pub use handler::{ROUTES, handle};
