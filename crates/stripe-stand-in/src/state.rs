//! The sandbox as a whole: its records, what is due, the faults in force, idempotency keys, and the journal that keeps
//! it. It knows what objects are, and nothing of what calls do.

pub(crate) mod agenda;
pub(crate) mod chaos;
pub(crate) mod emit;
pub(crate) mod idempotency;
pub(crate) mod journal;
pub(crate) mod money;
pub(crate) mod pending;
pub(crate) mod request;
pub(crate) mod sandbox;
