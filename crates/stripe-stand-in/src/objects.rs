//! What Stripe keeps, and how it shows it: each object with its JSON, and the tables that hold them. What calls do to
//! objects is in `operations`.

pub(crate) mod account_links;
pub(crate) mod accounts;
pub(crate) mod authentications;
pub(crate) mod balance_transactions;
pub(crate) mod charges;
pub(crate) mod deliveries;
pub(crate) mod disputes;
pub(crate) mod events;
pub(crate) mod kept_replies;
pub(crate) mod metadata;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod payouts;
pub(crate) mod records;
pub(crate) mod refunds;
pub(crate) mod scheduled;
pub(crate) mod table;
pub(crate) mod transfer_reversals;
pub(crate) mod transfers;
