//! Calls to Stripe over a scripted transport: what is sent, when it is repeated, and what is told of it.

mod attempts;
mod log;
mod requests;
mod scripted_transport;
