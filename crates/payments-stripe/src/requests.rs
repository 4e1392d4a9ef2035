//! Requests to Stripe, a file for each of its resources.

mod account_events;
mod accounts;
mod accounts_v2;
mod balance;
mod balance_transactions;
mod charges;
mod customer_sessions;
mod customers;
mod dashboard_links;
mod disputes;
mod event_destinations;
mod find_account;
mod fraud_warnings;
mod intents;
mod payment_methods;
mod payment_objects;
mod payouts;
mod platform;
mod refunds;
mod transfers;
mod undelivered_events;
mod webhook_endpoints;

pub use intents::CancellationReason;
pub use payment_objects::{NotAPaymentObjectId, PaymentObjectId};
pub use platform::{PERMISSION_PROBES, PermissionProbe};
pub use undelivered_events::UndeliveredEvent;
pub use webhook_endpoints::{EndpointUpdate, NewEndpoint, pinned_version};
