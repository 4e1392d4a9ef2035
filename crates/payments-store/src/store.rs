//! The client of the one table.
//!
//! The SDK's future of one request has 5 KB. Every `send` boxes it; otherwise each future above would hold it again in
//! its own frame, until a stack overflows.

use crate::last_read::LastRead;
use crate::stage_check::StageCheck;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::SdkConfig;
use std::{fmt, time::Duration};

/// The attempts that the SDK makes for one request, including the first.
const MAX_ATTEMPTS: u32 = 4;
/// DynamoDB answers in milliseconds; the SDK's default first pause of a second would use up a function's time.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);

/// The table that holds all items. A clone is cheap and shares the connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) last_read: LastRead,
    pub(crate) stage_check: StageCheck,
}

/// A value with the version that guards its next write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored<T> {
    pub value: T,
    /// The number of writes so far; 0 while there is no item.
    pub version: u64,
}

/// The outcome of a write that is conditional on a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    Done {
        version: u64,
    },
    /// Nothing is written because another writer came first. Read again and decide again.
    Raced,
}

impl Store {
    /// Connects to the table `table` at `endpoint`, or at the region's endpoint. It makes no request.
    ///
    /// The configuration must provide an HTTP client. Retries and timeouts are set here, to fit a function behind an
    /// API.
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
        Self {
            client: Client::from_conf(builder.build()),
            table: table.into(),
            last_read: LastRead::default(),
            stage_check: StageCheck::default(),
        }
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

/// Shows only the table's name, because the client holds credentials.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("table", &self.table).finish_non_exhaustive()
    }
}
