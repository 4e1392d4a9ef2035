//! `POST /v1/quotes` and `POST /v1/payments`: a sender asks for the total, then creates the payment that the app
//! confirms with Stripe.
//!
//! The function contains no rules: `payments` decides who may send what, and `payments-bookkeeping` attaches intents.
//! Read `payment` first.

mod create_payment;
mod handler;
mod intent;
mod payment;
mod quote;
mod responses;
mod unfinished;

pub use handler::{ROUTES, handle};
