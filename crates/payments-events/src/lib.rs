//! The event bus: tells the rest of the app, through EventBridge, what has happened.
//!
//! An entry that EventBridge does not take is a named outcome ([`Published`]), not an error: the others of the same
//! request are told all the same. Whoever publishes sends it again, and receivers know repeats by `event_id`.

mod bus;
mod cause;
mod entry;

pub use bus::{EventBus, Published};
pub use cause::Cause;
