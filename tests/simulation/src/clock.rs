//! Virtual time: it passes only when the scheduler lets it.

use aws_smithy_async::time::TimeSource;
use payments::Timestamp;
use payments_services::Clock;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The time at which every simulation begins.
pub(crate) const EPOCH_MS: i64 = 1_767_225_600_000;

/// The time of one simulation, read inside its runtime, whose clock is paused.
#[derive(Debug, Clone)]
pub(crate) struct VirtualClock {
    started: Instant,
}

impl VirtualClock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// Unix milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        EPOCH_MS + i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX - EPOCH_MS)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now_ms())
    }
}

impl TimeSource for VirtualClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(self.now_ms()).unwrap_or_default())
    }
}
