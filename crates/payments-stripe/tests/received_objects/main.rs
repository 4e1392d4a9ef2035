//! The received objects that bear money.

mod events;
mod objects;
mod transactions;
