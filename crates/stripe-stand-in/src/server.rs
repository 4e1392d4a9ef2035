//! The running stand-in: HTTP, the clock, the journal's file, calls at the same time, rate limits, and webhooks.

pub(crate) mod http;
pub(crate) mod limits;
pub(crate) mod stand_in;
pub(crate) mod webhooks;
