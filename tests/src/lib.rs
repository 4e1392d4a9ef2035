//! A whole stack for one test, with the verbs that tests are written in.

mod api;
mod breakable;
mod faults;
mod golden;
mod ledger;
mod logs;
mod money;
mod placeholders;
mod stripe;
mod waves;

pub use api::{Answer, App, Caller, ten_dollars, text};
pub use breakable::Breakable;
pub use faults::{Fault, Hops, Service};
pub use golden::Goldens;
pub use ledger::Posting;
pub use logs::{Logged, listen_to_logs, logged};
pub use placeholders::placeholders;
pub use stripe::{now_s, signature};

use std::{future::Future, time::Duration};

/// How long a condition may take to come true. It is a guard against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until the answer is there.
///
/// # Panics
/// When it never is.
pub async fn eventually<T, F, Fut>(what: &str, mut ask: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"))
}
