//! What callers read: on what terms a creator receives from them, and their payments.

mod handler;
mod payment;
mod profile;

pub use handler::{ROUTES, handle};
