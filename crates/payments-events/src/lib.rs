//! The event bus, which publishes through EventBridge what has happened. The events themselves are in `payments`. An
//! entry that EventBridge rejects is a named outcome ([`Published`]), not an error, so the rest of its request is still
//! published. The caller publishes it again, and receivers detect repeats by `event_id`. Start with `event_bus.rs`.
//! Records of the table's stream that no retry can help go to the queue of `failure_queue.rs`.

mod entry_limits;
mod event_bus;
mod failure_cause;
mod failure_queue;

pub use event_bus::{EventBus, Published};
pub use failure_cause::Cause;
pub use failure_queue::FailureQueue;

use aws_sdk_eventbridge::config::BehaviorVersion;
use aws_types::SdkConfig;

/// The configuration of a client at `endpoint`, or at the region's endpoint.
fn at_endpoint(config: &SdkConfig, endpoint: Option<&str>) -> SdkConfig {
    let version = config.behavior_version().unwrap_or_else(BehaviorVersion::v2026_01_12);
    let builder = config.to_builder().behavior_version(version);
    match endpoint {
        Some(endpoint) => builder.endpoint_url(endpoint).build(),
        None => builder.build(),
    }
}
