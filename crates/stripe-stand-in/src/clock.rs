//! What happens as time passes: scheduled changes, and deliveries that are due at webhook endpoints. The time is passed
//! in; nothing here reads a clock. What each change does is in `operations`.

pub(crate) mod advance;
pub(crate) mod delivery_retries;
