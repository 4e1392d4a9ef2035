//! Operators decide here who may receive: one creator at a time, in waves, and through the rollout; and which senders are
//! held.
//! Every change is written together with its audit entry. The rules themselves are in `payments`, not here.
//! Start at `routes`; `waves/wave_editor` has the writes of a wave and their races.

mod get_eligibility;
mod get_rollout;
mod get_sender;
mod list_audit;
mod list_feedback;
mod operator_request;
mod put_eligibility;
mod put_rollout;
mod put_sender;
mod routes;
mod table_access;
mod waves;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
