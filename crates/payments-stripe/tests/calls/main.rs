//! Calls to Stripe over a scripted transport: what is sent, when it is repeated, and what is logged.

mod accounts_v2;
mod attempts;
mod lists;
mod log;
mod money;
mod payouts;
mod requests;
mod scripted_transport;
