//! Who may receive: one creator at a time, in waves, and the rollout of everyone. For operators only; every change is
//! written together with its audit entry.

mod audit;
mod change;
mod eligibility;
mod handler;
mod rollout;
mod waves;

pub use handler::{ROUTES, handle};
