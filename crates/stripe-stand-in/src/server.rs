//! The server around the sandbox: HTTP, the system clock, the journal's file, concurrent calls, rate limits, and
//! webhooks.

pub(crate) mod http;
pub(crate) mod rate_limits;
pub(crate) mod stand_in;
pub(crate) mod webhooks;
