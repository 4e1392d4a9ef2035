//! Wires the function from its environment.

use lambda_runtime::Error;
use payments::Policy;
use payments_events::{EventBus, FailureQueue};
use payments_services::{Clock, Config, SystemClock, environment, sdk_config};
use payments_store::Store;
use std::sync::Arc;

/// The clients and terms that the function works with. Built once, at start, without I/O; it holds no secret.
pub struct App {
    pub store: Store,
    /// Without a bus, no events are sent.
    pub bus: Option<EventBus>,
    /// Takes records that cannot be read. Without it, such a record fails its batch.
    pub failures: Option<FailureQueue>,
    /// Decides which accounts can receive, for the events and counts of receivers.
    pub policy: Policy,
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// Reads the variables that all functions share, `EVENT_BUS_NAME`, `FAILURE_QUEUE_URL`, and `EVENTBRIDGE_ENDPOINT` for
    /// another EventBridge than the region's.
    ///
    /// # Errors
    /// A variable is missing or wrong.
    pub fn from_environment() -> Result<Self, Error> {
        let config = Config::from_lookup(environment)?;
        let aws = sdk_config(environment);
        let bus = |name| EventBus::new(&aws, environment("EVENTBRIDGE_ENDPOINT").as_deref(), name);
        let failures = |url| FailureQueue::new(&aws, None, url);
        Ok(Self {
            store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), config.table_name),
            bus: environment("EVENT_BUS_NAME").map(bus),
            failures: environment("FAILURE_QUEUE_URL").map(failures),
            policy: config.policy,
            clock: Arc::new(SystemClock),
        })
    }
}
