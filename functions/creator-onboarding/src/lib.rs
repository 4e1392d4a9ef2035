//! The routes on which creators manage their own receiving: Stripe's onboarding, their own terms, and blocked senders.
//!
//! Only the creator in the path may use them: operators use `creator-eligibility`, and the rules are in `payments`.
//! Read `onboarding` first, then `account`.

mod account;
mod blocks;
mod creator_only;
mod handler;
mod onboarding;
mod responses;
mod settings;

pub use handler::{ROUTES, handle};
