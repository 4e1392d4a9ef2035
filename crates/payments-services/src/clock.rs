//! The clock: the only source of the current time.

use payments::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Provides the current time; tests and simulations replace it.
pub trait Clock: Send + Sync {
    /// Returns the current time, to the millisecond.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock, which functions use in production.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}
