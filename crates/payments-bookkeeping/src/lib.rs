//! Applies what Stripe reports, the same way for the webhook, replies and reconciliation; every call is safe to repeat
//! and to interrupt. Rules about money are in `payments` and requests in `payments-stripe`, never here. Start at
//! [`apply_object`], which joins an object into its payment; [`follow_up`] then cancels an unwanted intent and executes
//! transfer instructions. [`execute_refund`] makes a requested refund. [`refresh_account_by_id`] and
//! [`refresh_payment`] retrieve from Stripe what an account or a payment is now.

mod accounts;
mod apply_facts;
mod apply_object;
mod error;
mod events;
mod intents;
mod refresh_payment;
mod refunds;
mod transfer_instructions;

pub use accounts::{attach_account, refresh_account, refresh_account_by_id, refresh_restricted_account};
pub use apply_facts::{AppliedFacts, apply_facts};
pub use apply_object::{Outcome, apply_object};
pub use error::BookkeepingError;
pub use events::{EventOutcome, apply_event, park};
pub use intents::{
    FoundIntent, attach_intent, cancel_intent, cancel_unused_intent, find_intent, follow_up, retrieve_intent,
    shown,
};
pub use refresh_payment::refresh_payment;
pub use refunds::execute_refund;
pub use transfer_instructions::execute_instructions;

use std::{future::Future, pin::Pin};

/// The code of a request whose key Stripe may have forgotten and of which a lookup found no effect: it never
/// took effect.
const LAPSED: &str = "lapsed";

/// Work on a payment or an account, as a future on the heap. These futures await each other and each holds a
/// payment. Nested by value, they would need a stack frame of 60 to 250 KB in a build without optimisation.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, BookkeepingError>> + Send + 'a>>;
