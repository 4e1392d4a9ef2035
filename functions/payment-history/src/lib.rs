//! What callers read: on what terms a creator receives from them, and their payments; and what they think of it.

mod earnings;
mod feedback;
mod handler;
mod payment;
mod profile;

pub use handler::{ROUTES, handle};
