//! `POST /v1/quotes` and `POST /v1/payments`: a sender asks for the total, then creates the payment that the app
//! confirms with Stripe.
//!
//! The function contains no rules: `payments` decides who may send what, and `payments-bookkeeping` attaches intents.
//! Read `create_payment` first.

mod close_payment;
mod create_intent;
mod create_payment;
mod create_quote;
mod quoted_amounts;
mod refusals;
mod replay_payment;
mod request_body;
mod responses;
mod routes;

pub use routes::{ROUTES, handle};
