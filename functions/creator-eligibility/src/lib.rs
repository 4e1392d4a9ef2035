//! Operators decide here who may receive: one creator at a time, in waves, and through the rollout; and which senders are
//! held.
//! Every change is written together with its audit entry. The rules themselves are in `payments`, not here.
//! Start at `handler`; `waves/wave_editor` has the writes of a wave and their races.

mod audit;
mod eligibility;
mod handler;
mod operator_request;
mod rollout;
mod senders;
mod waves;

pub use handler::{ROUTES, handle};
