//! The DynamoDB table of creator payments: keys, items, conditions, transactions.
//!
//! State changes are conditional writes, and a condition that fails is a named outcome ([`Recorded`],
//! [`Learned`], [`Written`]), not an error. What cannot be read is never taken for absent. Items are put
//! whole and never updated in place or deleted, so that reads, puts and queries are all a function may do.

mod audit;
mod backoff;
mod batch;
mod error;
mod item;
mod keys;
mod learn;
mod parked;
mod payments;
mod receivers;
mod rollout;
mod setting;
mod store;
mod transaction;

pub use audit::Page;
pub use error::{Cause, StoreError};
pub use keys::{PARTITION_KEY, SORT_KEY};
pub use learn::Learned;
pub use parked::ParkedEvent;
pub use payments::Recorded;
pub use receivers::Written;
pub use setting::Setting;
pub use store::{Store, Stored};
