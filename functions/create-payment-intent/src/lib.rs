//! `POST /v1/quotes` and `POST /v1/payments`: a sender asks for the total, then creates the payment that the app
//! confirms with Stripe.
//!
//! Cards that a sender keeps are at Stripe: the sender lists and forgets them here.
//!
//! The function contains no rules: `payments` decides who may send what, and `payments-bookkeeping` attaches intents.
//! Read `create_payment` first.

mod close_payment;
mod create_intent;
mod create_payment;
mod create_quote;
mod delete_payment_method;
mod list_payment_methods;
mod live_stage;
mod quoted_amounts;
mod refusals;
mod replay_payment;
mod request_body;
mod responses;
mod routes;
mod saved_cards_session;
mod sender_customer;
mod table_access;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
