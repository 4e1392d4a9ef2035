//! What is seen of Stripe's objects that bear money.

mod events;
mod objects;
mod transactions;
