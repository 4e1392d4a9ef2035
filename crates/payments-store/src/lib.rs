//! The DynamoDB table of creator payments: its keys, items, conditions and transactions. No decision about a payment
//! belongs here; those are in `payments`. A write whose condition fails is a named outcome ([`Recorded`], [`Applied`],
//! [`Claimed`], [`Saved`]), not an error; an unreadable item is an error, never an absent item. Items are put whole,
//! with what a later release added to them (`keep_unknown.rs`), and never deleted or updated in place, except the counts in
//! `sender_usage.rs`. Start with `keys.rs` and `apply_facts.rs`.

mod account_refresh;
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
mod keep_unknown;
mod keys;
mod last_read;
mod ledger;
mod open_intent_review;
mod page;
mod payments;
mod platform_entries;
mod quarantine;
mod receivers;
mod reconciliation;
mod rollout;
mod sender_usage;
mod senders;
mod statement;
mod store;
mod stream;
mod transaction;
mod unreadable_items;
mod waves;

pub use apply_facts::Applied;
pub use backoff::Backoff;
pub use counting::{CountedItem, CountedPage};
pub use decision_context::DecisionContext;
pub use due::{DUE_INDEX, DUE_SHARDS, DueCursor};
pub use error::{Cause, ItemKey, StoreError};
pub use intents::Carried;
pub use keys::{NotAParkedId, PARTITION_KEY, ParkedId, SORT_KEY};
pub use page::Page;
pub use payments::{Recorded, RecordedWithin};
pub use quarantine::{Parked, ParkedEvent, ParkedSummary, RedriveOutcome, Redriven};
pub use receivers::Claimed;
pub use reconciliation::{Reconciliation, Replaceable};
pub use sender_usage::Counted;
pub use senders::PaymentAndSenderHold;
pub use store::{Saved, Store, Stored};
pub use stream::{ChangeKind, Image, StreamChange};
pub use waves::{ListedReceiver, RECEIVERS_PER_TRANSACTION};
