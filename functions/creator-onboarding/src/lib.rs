//! The routes on which creators manage their own receiving: Stripe's onboarding and dashboard, their
//! payouts, their own terms, and blocked senders.
//!
//! Only the creator in the path may use them: operators use `creator-eligibility`, and the rules are in `payments`.
//! Read `start_onboarding` first, then `open_account`.

mod block_sender;
mod create_dashboard_link;
mod creator_only;
mod find_account;
mod get_settings;
mod list_blocks;
mod list_payouts;
mod open_account;
mod put_settings;
mod responses;
mod routes;
mod start_onboarding;
mod table_access;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
