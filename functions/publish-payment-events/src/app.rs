//! What the function works with.

use lambda_runtime::Error;
use payments::Policy;
use payments_events::EventBus;
use payments_services::{Clock, Config, SystemClock, environment, sdk_config};
use payments_store::Store;
use std::sync::Arc;

/// What the function works with; built once, at start, without I/O. It knows no secret.
pub struct App {
    /// The table.
    pub store: Store,
    /// Where events go; without a bus, nowhere.
    pub bus: Option<EventBus>,
    /// The deployment's terms: they say which accounts money can be sent to.
    pub policy: Policy,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// Wires the function as its environment says: as every function, and by `EVENT_BUS_NAME`, and
    /// `EVENTBRIDGE_ENDPOINT` for another EventBridge than the region's.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub fn from_environment() -> Result<Self, Error> {
        let config = Config::from_lookup(environment)?;
        let aws = sdk_config(environment);
        let bus = |name| EventBus::new(&aws, environment("EVENTBRIDGE_ENDPOINT").as_deref(), name);
        Ok(Self {
            store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), config.table_name),
            bus: environment("EVENT_BUS_NAME").map(bus),
            policy: config.policy,
            clock: Arc::new(SystemClock),
        })
    }
}
