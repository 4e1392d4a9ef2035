//! What a creator does about their own receiving: the way through Stripe's onboarding, their terms, and whom they block.
//! For that creator only.

mod account;
mod blocks;
mod change;
mod handler;
mod onboarding;
mod responses;
mod settings;

pub use handler::{ROUTES, handle};
