//! Stripe's objects: what is kept of each, how it is rendered, and the endpoints that read and change it.

pub(super) mod accounts;
pub(super) mod balance_transactions;
pub(super) mod charges;
pub(super) mod metadata;
pub(super) mod payment_intents;
pub(super) mod payment_methods;
pub(super) mod transfers;
