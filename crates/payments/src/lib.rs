//! The domain of creator payments: pure decisions about money, who may receive it, and what becomes of a payment.
//!
//! Pure: no AWS, Stripe client, HTTP, clock or randomness. Times and ids are arguments, decisions are results.
//! Rooms import downwards only: [`reconciliation`], [`payment`], [`receiving`], [`money`], the base (`tests/rooms` checks it);
//! [`event`] and [`counting`] read them. Start with `payment.rs` and `receiving/eligibility.rs`.

mod idempotency_key_age;
mod ids;
mod parameter_list;
mod secret;
mod serde_default;
mod set_up_fault;
mod stripe_minimum;
mod stripe_refusal;
mod text_limits;
mod timestamp;

pub mod counting;
pub mod event;
pub mod money;
pub mod payment;
pub mod receiving;
pub mod reconciliation;

pub use {
    idempotency_key_age::*, ids::*, parameter_list::ListError, secret::*, set_up_fault::*, stripe_minimum::*,
    stripe_refusal::*, text_limits::*, timestamp::*,
};

/// What adapters use of the rooms, by one name: no name stands in two rooms.
pub use {counting::*, event::*, money::*, payment::*, receiving::*, reconciliation::*};
