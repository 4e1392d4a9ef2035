//! Stripe's objects: what is kept of each, how it is rendered, and the endpoints that read and change it.

pub(super) mod account_links;
pub(super) mod accounts;
pub(super) mod balance;
pub(super) mod balance_transactions;
pub(super) mod charges;
pub(super) mod disputes;
pub(super) mod metadata;
pub(super) mod payment_intents;
pub(super) mod payment_methods;
pub(super) mod payouts;
pub(super) mod refunds;
pub(super) mod transfer_reversals;
pub(super) mod transfers;
