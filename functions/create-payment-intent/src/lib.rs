//! `POST /v1/quotes` and `POST /v1/payments`: a sender asks what it costs to send money to a creator, and
//! creates the payment that the app then confirms with Stripe.

mod create_payment;
mod handler;
mod intent;
mod payment;
mod quote;
mod responses;
mod unfinished;

pub use handler::{ROUTES, handle};
