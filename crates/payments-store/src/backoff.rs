//! Pauses between the tries of a contended write.

use crate::{Cause, StoreError};
use std::time::Duration;

const FIRST_CEILING: Duration = Duration::from_millis(10);
const HIGHEST_CEILING: Duration = Duration::from_millis(320);
/// The tries of a change before it fails because another writer came first each time.
const CHANGE_TRIES: u32 = 12;

/// A bounded number of tries with growing, fully jittered pauses, so that writers that collided once do not collide
/// again.
#[derive(Debug)]
pub struct Backoff {
    tries_left: u32,
    ceiling: Duration,
}

impl Backoff {
    /// Allows the tries of a change that is read, decided and written under a version, and decided again after each
    /// lost race.
    #[must_use]
    pub fn of_change() -> Self {
        Self::tries(CHANGE_TRIES)
    }

    /// Allows `tries` tries, including the first one, which needs no pause.
    pub(crate) fn tries(tries: u32) -> Self {
        Self { tries_left: tries.saturating_sub(1), ceiling: FIRST_CEILING }
    }

    /// Pauses before the next try of an operation that lost a race.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], without a pause, when no try is left; nothing was written.
    pub async fn lost(&mut self, operation: &'static str) -> Result<(), StoreError> {
        let contention = StoreError::Unavailable { operation, cause: Cause::Contention };
        if self.again().await { Ok(()) } else { Err(contention) }
    }

    /// Pauses and returns `true`, or returns `false` without a pause when no try is left.
    pub(crate) async fn again(&mut self) -> bool {
        if self.tries_left == 0 {
            return false;
        }
        self.tries_left -= 1;
        let ceiling_us = u64::try_from(self.ceiling.as_micros()).unwrap_or(u64::MAX);
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..=ceiling_us))).await;
        self.ceiling = (self.ceiling * 2).min(HIGHEST_CEILING);
        true
    }
}
