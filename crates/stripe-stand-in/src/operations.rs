//! What calls do: a file for each of Stripe's resources, with its checks, effects and events. Routes to them are in
//! `dispatch`, records and their JSON in `objects`.

pub(crate) mod account_links;
pub(crate) mod accounts;
pub(crate) mod balance;
pub(crate) mod balance_transactions;
pub(crate) mod charges;
pub(crate) mod country_specs;
pub(crate) mod customer_sessions;
pub(crate) mod customers;
pub(crate) mod description;
pub(crate) mod disputes;
pub(crate) mod early_fraud_warnings;
pub(crate) mod event_types;
pub(crate) mod events;
pub(crate) mod failed_attempt;
pub(crate) mod listing;
pub(crate) mod login_links;
pub(crate) mod metadata;
pub(crate) mod payment_attempts;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod payouts;
pub(crate) mod receipt_email;
pub(crate) mod refunds;
pub(crate) mod regions;
pub(crate) mod saved_payment_methods;
pub(crate) mod search;
pub(crate) mod statement_descriptor;
pub(crate) mod three_d_secure;
pub(crate) mod transfer_reversals;
pub(crate) mod transfers;
pub(crate) mod v2;
pub(crate) mod webhook_endpoints;
