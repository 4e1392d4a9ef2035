//! `POST /v1/quotes` and `POST /v1/payments`: a sender asks what it costs to send money to a creator, and
//! creates the payment that the app then confirms with Stripe.

mod answer;
mod handler;
mod intent;
mod order;
mod payment;
mod quote;
mod unfinished;

pub use handler::{ROUTES, handle};
