//! The event bus, which publishes through EventBridge what has happened. The events themselves are in `payments`. An
//! entry that EventBridge rejects is a named outcome ([`Published`]), not an error, so the rest of its request is still
//! published. The caller publishes it again, and receivers detect repeats by `event_id`. Start with `bus.rs`.

mod bus;
mod cause;
mod entry;

pub use bus::{EventBus, Published};
pub use cause::Cause;
