//! A whole local stack for one test, and the requests that black-box tests make of it. No assertion about one
//! feature is here: those are in `api/`. `breakable` makes any request of a function fail.

mod accounts;
mod api;
mod breakable;
mod event_schemas;
mod faults;
pub mod fuzz;
mod golden;
mod ledger;
mod logs;
mod money;
mod placeholders;
mod published_events;
mod rotating_secrets;
mod saved_cards;
mod stripe;
mod waves;

pub use api::{Answer, App, Caller, in_path, order, ten_dollars, text};
pub use breakable::Breakable;
pub use event_schemas::{event_schema, event_schemas, schema_violations};
pub use faults::{Fault, Hops, Service};
pub use golden::Goldens;
pub use ledger::{Posting, id_of};
pub use logs::{Logged, listen_to_logs, logged};
pub use placeholders::placeholders;
pub use stripe::{now_s, signature};

use std::{future::Future, time::Duration};

/// A guard against hanging, not a measurement.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Asks until there is an answer.
///
/// # Panics
/// When there is none in time.
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
    tokio::time::timeout(TIMEOUT, asking).await.unwrap_or_else(|_| panic!("never: {what}"))
}
