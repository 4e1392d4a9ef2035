//! Stripe's objects: what is kept of each, how it is rendered, and the endpoints that read and change it.

pub(crate) mod account_links;
pub(crate) mod accounts;
pub(crate) mod balance;
pub(crate) mod balance_transactions;
pub(crate) mod charges;
pub(crate) mod disputes;
pub(crate) mod metadata;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod payouts;
pub(crate) mod refunds;
pub(crate) mod transfer_reversals;
pub(crate) mod transfers;
