//! The v2 namespace (docs.stripe.com/api-v2-overview): accounts, their links, and thin events. JSON goes in and out.

pub(crate) mod account_events;
pub(crate) mod account_links;
pub(crate) mod accounts;
pub(crate) mod body;
mod creation;
pub(crate) mod event_destinations;
pub(crate) mod events;
mod pages;
