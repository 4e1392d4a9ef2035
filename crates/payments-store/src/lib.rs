//! The DynamoDB table of creator payments: keys, items, conditions, transactions.
//!
//! State changes are conditional writes, and a condition that fails is a named outcome ([`Recorded`],
//! [`Applied`], [`Claimed`], [`Saved`]), not an error. What cannot be read is never taken for absent. Items are put
//! whole and never updated in place or deleted, so that reads, puts and queries are all a function may do; the counts
//! of what senders send are the one exception.
//!
//! The SDK's future of one request has 5 KB. It is on the heap at every `send`, or each future above would hold it again
//! in a frame of its own, until a stack is full.

mod apply_facts;
mod audit;
mod backoff;
mod blocks;
mod counting;
mod decision_context;
mod due;
mod error;
mod feedback;
mod find;
mod intents;
mod item;
mod keys;
mod ledger;
mod page;
mod parked;
mod payments;
mod quarantine;
mod receivers;
mod reconciliation;
mod rollout;
mod senders;
mod store;
mod stream;
mod transaction;
mod usage;
mod waves;

pub use apply_facts::Applied;
pub use backoff::Backoff;
pub use counting::{CountedItem, CountedPage};
pub use decision_context::DecisionContext;
pub use due::{DUE_INDEX, DUE_SHARDS, DueCursor};
pub use error::{Cause, StoreError};
pub use intents::Carried;
pub use keys::{NotAParkedId, PARTITION_KEY, ParkedId, SORT_KEY};
pub use page::Page;
pub use parked::{Parked, ParkedEvent, ParkedSummary, RedriveOutcome, Redriven};
pub use payments::{Recorded, RecordedWithin};
pub use receivers::Claimed;
pub use reconciliation::Reconciliation;
pub use senders::PaymentAndSenderHold;
pub use store::{Saved, Store, Stored};
pub use stream::{ChangeKind, Image, StreamChange};
pub use usage::Counted;
pub use waves::{LIST_CHUNK, ListedReceiver};
