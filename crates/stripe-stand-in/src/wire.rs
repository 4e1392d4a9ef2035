//! Calls, replies, form parameters, API keys, and Stripe's error bodies. It imports nothing of the other rooms.

pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod errors;
pub(crate) mod form;
pub(crate) mod reply;
pub(crate) mod timestamps;
pub(crate) mod version;
