//! What the function works with.

use lambda_runtime::Error;
use payments_events::EventBus;
use payments_http::{Clock, SystemClock, environment, sdk_config};
use payments_store::Store;
use std::sync::Arc;

/// What the function works with; built once, at start, without I/O. It knows no secret.
pub struct App {
    /// The table.
    pub store: Store,
    /// Where events go; without a bus, nowhere.
    pub bus: Option<EventBus>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// Wires the function as its environment says: `TABLE_NAME`, `EVENT_BUS_NAME`, and `DYNAMODB_ENDPOINT` and
    /// `EVENTBRIDGE_ENDPOINT` for others than the region's.
    ///
    /// # Errors
    /// When no table is named.
    pub fn from_environment() -> Result<Self, Error> {
        let table = environment("TABLE_NAME").ok_or("missing environment variable: TABLE_NAME")?;
        let aws = sdk_config(environment);
        let bus = |name| EventBus::new(&aws, environment("EVENTBRIDGE_ENDPOINT").as_deref(), name);
        Ok(Self {
            store: Store::new(&aws, environment("DYNAMODB_ENDPOINT").as_deref(), table),
            bus: environment("EVENT_BUS_NAME").map(bus),
            clock: Arc::new(SystemClock),
        })
    }
}
