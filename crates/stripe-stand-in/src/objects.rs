//! Stripe's objects: each record with its JSON, and the tables that hold them. Nothing here changes an object by a
//! call: that is in `operations`.

pub(crate) mod account_links;
pub(crate) mod accounts;
pub(crate) mod authentications;
pub(crate) mod balance_transactions;
pub(crate) mod charges;
pub(crate) mod customer_sessions;
pub(crate) mod customers;
pub(crate) mod dashboard_links;
pub(crate) mod deliveries;
pub(crate) mod destination_payments;
pub(crate) mod disputes;
pub(crate) mod early_fraud_warnings;
pub(crate) mod events;
pub(crate) mod labels;
pub(crate) mod metadata;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod payouts;
pub(crate) mod records;
pub(crate) mod refunds;
pub(crate) mod saved_replies;
pub(crate) mod scheduled;
pub(crate) mod statement_descriptors;
pub(crate) mod table;
pub(crate) mod thin_events;
pub(crate) mod transfer_reversals;
pub(crate) mod transfers;
pub(crate) mod webhook_endpoints;
