//! `POST` and `GET /v1/payments/{payment_id}/refunds`: a sender takes a payment back within the window, an operator at
//! any time.

mod ask;
mod handler;
mod refund;
mod view;

pub use handler::{ROUTES, handle};
