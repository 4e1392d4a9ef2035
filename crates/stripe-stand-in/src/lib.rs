//! A stand-in for Stripe: its paths, encodings, errors, test cards, events and webhooks, without Stripe.
//!
//! [`Books`] is the whole of it as a pure, synchronous state machine: a call and the time go in, a reply
//! comes out, and everything that happened is in the books. A simulation can drive it with no sockets and no
//! clock. [`StandIn`] is the shell around the books: HTTP, a journal that outlives `kill -9`, and the
//! delivery of webhooks.
//!
//! Nothing here depends on the payments code, so it can also serve as its oracle: it says what Stripe would
//! hold after the same calls. Rules come from Stripe's documentation (`docs.stripe.com`) and API reference;
//! where the model is narrower than Stripe, the item says so.
//!
//! Narrower on purpose: one currency per balance (no conversion), the platform's balance never runs out, no
//! books for connected accounts beyond transfers, their reversals and payouts, cards only, no customers.

mod auth;
mod books;
mod call;
mod cards;
mod chaos;
mod controls;
mod currencies;
mod deliveries;
mod draws;
mod errors;
mod events;
mod expand;
mod form;
mod http;
mod idempotency;
mod ids;
mod journal;
mod limits;
mod listing;
mod money;
mod objects;
mod onboarding;
mod pages;
mod payment;
mod records;
mod refusal;
mod reply;
mod routes;
mod schedule;
mod search;
mod stand_in;
#[cfg(test)]
mod tests;
mod three_d_secure;
mod unreliable;
mod webhooks;

pub use books::{Books, Settings};
pub use call::Call;
pub use chaos::{CallFault, Chaos, DeliveryFate, Faults, Ppm};
pub use deliveries::{Attempt, Delivered};
pub use money::{
    DisputeMoney, Money, PaymentMoney, RefundMoney, ReversalMoney, TransactionMoney, TransferMoney,
};
pub use objects::accounts::Readiness;
pub use objects::disputes::Verdict;
pub use reply::Reply;
pub use stand_in::{OpenError, StandIn};
pub use unreliable::CallFate;
pub use webhooks::{Endpoint, signature_header};

/// The API version of the stand-in's objects and events: the one that async-stripe is generated from.
pub const API_VERSION: &str = "2026-09-30.endive";
