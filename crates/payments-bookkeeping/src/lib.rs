//! What is done with Stripe's changed, whoever brings it: the webhook, a reply, or reconciliation.
//!
//! [`apply`] joins a sight of one of Stripe's objects into its payment; [`follow_up`] does what the payment calls for
//! then: the creator's share is moved, an unwanted intent canceled. [`execute_refund`] makes a refund that was asked
//! of us. [`refresh_account_by_id`] sees how a creator's account is. [`refresh_payment`] retrieves whatever a payment still waits for.
//! Each is safe to repeat, and to break off anywhere.

mod accounts;
mod apply;
mod apply_facts;
mod error;
mod events;
mod intents;
mod refresh_payment;
mod refunds;
mod transfer_instructions;

pub use accounts::{attach_account, refresh_account, refresh_account_by_id};
pub use apply::{Outcome, apply};
pub use apply_facts::{AppliedFacts, apply_facts};
pub use error::BookkeepingError;
pub use events::{EventOutcome, apply_event, park};
pub use intents::{
    FoundIntent, attach_intent, cancel_intent, find_intent, follow_up, retrieve_intent, shown,
};
pub use refresh_payment::refresh_payment;
pub use refunds::execute_refund;
pub use transfer_instructions::execute_instructions;

use std::{future::Future, pin::Pin};

/// The code of what was asked for under a key that Stripe may have forgotten, and was not found: it was never made.
const LAPSED: &str = "lapsed";

/// Work on a payment or an account, on the heap. Each of these futures awaits several of the others and holds a payment
/// of its own: by value, they would hold one another, and a frame of the stack would have 60 to 250 KB in a build without
/// optimisation.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, BookkeepingError>> + Send + 'a>>;
