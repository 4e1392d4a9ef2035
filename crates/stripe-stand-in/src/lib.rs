//! A stand-in for Stripe: its paths, encodings, errors, test cards, events and webhooks.
//!
//! [`Sandbox`] is a pure, synchronous state machine: a call and the time go in, a reply comes out. A simulation drives
//! it without sockets and without a clock. [`StandIn`] is the server around it: HTTP, a journal that survives
//! `kill -9`, and the delivery of webhooks. The README lists the rooms of the code.
//!
//! Nothing here depends on the payments code, so it serves as an oracle: [`Sandbox::money`] says what Stripe would hold
//! after the same calls. Rules come from Stripe's documentation (`docs.stripe.com`) and API reference; an item that is
//! narrower than Stripe says so.
//!
//! Narrower on purpose: no currency conversion of balances, a platform balance that never runs out, no objects of connected
//! accounts except transfers, their reversals and payouts, cards only, no customers.

mod cards;
mod clock;
mod currencies;
mod dispatch;
mod exchange;
mod ids;
mod objects;
mod operations;
mod random;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub use clock::delivery_retries::{Attempt, Delivered};
pub use objects::accounts::readiness::Readiness;
pub use objects::deliveries::Payload;
pub use objects::disputes::Verdict;
pub use server::stand_in::{OpenError, StandIn};
pub use server::webhooks::{Endpoint, signature_header};
pub use state::chaos::{Faults, Ppm};
pub use state::journal::JournalError;
pub use state::money::{
    DisputeMoney, Money, PaymentMoney, RefundMoney, ReversalMoney, TransactionMoney, TransferMoney,
};
pub use state::platform::{Platform, UnknownPlatform};
pub use state::platform_account::PlatformAccount;
pub use state::platform_payouts::{PlatformPayouts, UnknownPayouts};
pub use state::region::{Region, UnknownRegion};
pub use state::sandbox::{Sandbox, Settings};
pub use wire::call::Call;
pub use wire::reply::Reply;

/// The API version of objects and events: the one that async-stripe is generated from.
pub const API_VERSION: &str = "2026-09-30.endive";
