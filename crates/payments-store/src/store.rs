//! The client of the one table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::SdkConfig;
use std::{fmt, time::Duration};

/// How often the SDK sends one request, the first time included.
const MAX_ATTEMPTS: u32 = 4;
/// DynamoDB answers in milliseconds; the SDK's own first pause of a second would eat a function's time.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);

/// The table. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
}

/// A value as it was read, with the version that guards its next write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// Counts its writes; 1 for the first.
    pub version: u64,
}

/// What a write under a version came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Done {
        /// The version that guards the next write.
        version: u64,
    },
    /// Nothing is written: somebody else wrote first. Read it anew and decide again.
    Raced,
}

impl Store {
    /// The table named `table`, at `endpoint` or else at the region's. No request is made.
    ///
    /// The configuration must bring an HTTP client. Retries and time limits are the table's own, fit for a
    /// function behind an API.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, table: impl Into<String>) -> Self {
        let mut builder = Builder::from(config);
        if config.behavior_version().is_none() {
            builder = builder.behavior_version(BehaviorVersion::v2026_01_12());
        }
        builder = builder.retry_config(retries()).timeout_config(time_limits());
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        Self { client: Client::from_conf(builder.build()), table: table.into() }
    }
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE)
}

fn time_limits() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

/// Names the table only: the client knows credentials.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("table", &self.table).finish_non_exhaustive()
    }
}
