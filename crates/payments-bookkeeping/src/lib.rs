//! Applies what Stripe reports, the same way for the webhook, replies and reconciliation; every call is safe to repeat
//! and to interrupt. Rules about money are in `payments` and requests in `payments-stripe`, never here. Start at
//! [`Bookkeeping::apply_object`], which joins an object into its payment; [`Bookkeeping::follow_up`] then cancels an
//! unwanted intent and executes transfer instructions. [`Bookkeeping::execute_refund`] makes a requested refund.
//! [`refresh_account_by_id`] and [`Bookkeeping::refresh_payment`] retrieve what an account or a payment is now.

mod apply_event;
mod apply_facts;
mod apply_object;
mod attach_account;
mod cancel_intent;
mod error;
mod execute_instructions;
mod execute_refund;
mod find_intent;
mod follow_up;
mod locate_payment;
mod park_event;
mod read_ahead;
mod refresh_account;
mod refresh_payment;
mod refresh_refused_account;
mod related_snapshot;
mod resolve_phase_tie;
mod retrieve_intent;
mod second_intent;

pub use apply_event::EventOutcome;
pub use apply_facts::AppliedFacts;
pub use apply_object::Outcome;
pub use attach_account::attach_account;
pub use error::BookkeepingError;
pub use find_intent::FoundIntent;
pub use park_event::park;
pub use read_ahead::ReadAhead;
pub use refresh_account::{refresh_account, refresh_account_by_id};
pub use refresh_refused_account::refresh_refused_account;

use payments::{Payment, Timestamp};
use payments_services::{Metric, Services, measure_ms};
use payments_stripe::Session;
use std::{future::Future, pin::Pin};

/// The code of a request whose key Stripe may have forgotten and of which a lookup found no effect: it never
/// took effect.
const LAPSED: &str = "lapsed";

/// Work on a payment or an account, as a future on the heap. These futures await each other and each holds a
/// payment. Nested by value, they would need a stack frame of 60 to 250 KB in a build without optimisation.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, BookkeepingError>> + Send + 'a>>;

/// Work on payments at one time: decisions are made, and retrieved objects are stamped, as of `now`.
#[derive(Clone, Copy)]
pub struct Bookkeeping<'a> {
    pub services: &'a Services,
    pub now: Timestamp,
    ledger_compared: bool,
    /// Whether the request is about one event, whose ids its log bears. Many are applied side by side in reconciliation.
    one_event: bool,
}

impl<'a> Bookkeeping<'a> {
    /// Work at the clock's current time.
    #[must_use]
    pub fn now(services: &'a Services) -> Self {
        Self::at(services, services.clock.now())
    }

    /// Work at a time that was read before.
    #[must_use]
    pub fn at(services: &'a Services, now: Timestamp) -> Self {
        Self { services, now, ledger_compared: false, one_event: false }
    }

    /// Work on a payment whose stored entries are as its state implies: what is written notes that.
    #[must_use]
    pub fn after_comparison(self) -> Self {
        Self { ledger_compared: true, ..self }
    }

    /// Measures how long after a payment's success at Stripe this work booked its settlement, if it did. Stripe tells the
    /// second alone.
    pub fn measure_settlement(self, payment: &Payment, succeeded_s: i64) {
        if payment.state.settled_at == Some(self.now) {
            let delay_ms = self.now.millis() - succeeded_s * 1_000;
            measure_ms(Metric::SettlementDelay, delay_ms.max(0));
        }
    }

    async fn stripe(self) -> Result<Session, BookkeepingError> {
        Ok(self.services.stripe_session().await?)
    }
}
