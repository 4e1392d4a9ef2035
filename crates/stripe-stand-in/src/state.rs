//! The sandbox's state: records, scheduled changes, deliveries, faults in force, idempotency keys, and the journal. It
//! imports `objects` and nothing of `operations`, which change the state.

pub(crate) mod chaos;
pub(crate) mod delivery_queue;
pub(crate) mod event_log;
pub(crate) mod idempotency;
pub(crate) mod journal;
pub(crate) mod money;
pub(crate) mod platform;
pub(crate) mod platform_account;
pub(crate) mod platform_payouts;
pub(crate) mod region;
pub(crate) mod request;
pub(crate) mod sandbox;
pub(crate) mod schedule;
