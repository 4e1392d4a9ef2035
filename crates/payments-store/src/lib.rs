//! The DynamoDB table of creator payments: its keys, items, conditions and transactions. No decision about a payment
//! belongs here; those are in `payments`. A write whose condition fails is a named outcome ([`Recorded`], [`Applied`],
//! [`Claimed`], [`Saved`]), not an error; an unreadable item is an error, never an absent item. Items are put whole,
//! with what a later release added to them (`unknown_fields.rs`), and never deleted or updated in place, except the counts in
//! `sender_usage.rs`. Start with `keys.rs` and `write_facts.rs`.

mod account_claims;
mod account_refresh;
mod all_feedback;
mod audit_trail;
mod backoff;
mod blocked_senders;
mod blocks;
mod card_testing_mark;
mod consistent_reads;
mod counting;
mod creator_payouts;
mod decision_context;
mod due_index;
mod error;
mod feedback;
mod item;
mod keys;
mod last_read;
mod ledger_entries;
mod list_pages;
mod list_payments;
mod open_intent_review;
mod payment_items;
mod payment_lists;
mod payment_of_intent;
mod platform_entries;
mod quarantine;
mod receivers;
mod reconciliation_records;
mod record_payment;
#[cfg(test)]
mod released;
mod rollout_copies;
mod self_check;
mod sender_customers;
mod sender_holds;
mod sender_usage;
mod settled_payments;
mod stage_check;
mod statement;
mod store;
mod stream_records;
mod transaction;
mod unknown_fields;
mod unreadable_items;
mod waves;
mod write_facts;

pub use account_claims::Claimed;
pub use backoff::Backoff;
pub use blocked_senders::BlockedSender;
pub use counting::{CountedItem, CountedPage, LeftOut};
pub use decision_context::DecisionContext;
pub use due_index::{DUE_INDEX, DUE_SHARDS, DueCursor};
pub use error::{Cause, ItemKey, StoreError};
pub use keys::{NotAParkedId, PARTITION_KEY, ParkedId, SORT_KEY};
pub use list_pages::{Page, cursor_at, position_in};
pub use payment_lists::{LISTS_INDEX, RECEIVED_SHARDS};
pub use payment_of_intent::Carried;
pub use quarantine::{Parked, ParkedEvent, ParkedSummary, RedriveOutcome, Redriven};
pub use reconciliation_records::{Reconciliation, Replaceable};
pub use record_payment::{Recorded, RecordedWithin};
pub use self_check::{Access, AccessRefused};
pub use sender_customers::ReadCustomer;
pub use sender_holds::PaymentAndSenderHold;
pub use sender_usage::Counted;
pub use stage_check::STAGE_CHECK_KEY;
pub use store::{Saved, Store, Stored};
pub use stream_records::{ChangeKind, Image, StreamChange, StreamRecord};
pub use waves::{ListedReceiver, RECEIVERS_PER_TRANSACTION};
pub use write_facts::Applied;
