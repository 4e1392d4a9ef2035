//! The stages of a reconciliation: each reads one page of what it is named for, in the order of `Stage`.

pub(crate) mod account_events;
pub(crate) mod balance;
pub(crate) mod balance_transactions;
mod booking;
pub(crate) mod connected_accounts;
mod conversions;
pub(crate) mod due_payments;
mod expired_cursor;
pub(crate) mod fraud_warnings;
pub(crate) mod intents;
mod known_reversals;
pub(crate) mod ledger_check;
mod platform_bookings;
pub(crate) mod rollout_copies;
pub(crate) mod undelivered_events;
mod unsettled_charge;
