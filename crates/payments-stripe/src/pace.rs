//! Lets a function make no more than so many requests a second, so that Stripe's rate limit is left to payments.

use payments::RequestBudget;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The pace of all requests of one client. Clones share it.
#[derive(Clone)]
pub(crate) struct Pace(Arc<Mutex<Taken>>);

struct Taken {
    budget: RequestBudget,
    since: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(per_second: u32) -> Self {
        Self(Arc::new(Mutex::new(Taken { budget: RequestBudget::new(per_second), since: None })))
    }

    /// Waits for the next request's turn.
    pub(crate) async fn turn(&self) {
        let wait_us = {
            let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let since = *taken.since.get_or_insert(now);
            let now_us = u64::try_from(now.duration_since(since).as_micros()).unwrap_or(u64::MAX);
            taken.budget.take(now_us)
        };
        if wait_us > 0 {
            sleep(Duration::from_micros(wait_us)).await;
        }
    }
}
