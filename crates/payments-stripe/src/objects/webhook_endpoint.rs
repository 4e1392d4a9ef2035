//! Webhook endpoints and event destinations as Stripe sends them.

use super::secret;
use payments::Secret;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a webhook endpoint (<https://docs.stripe.com/api/webhook_endpoints/object>), or of an event destination
/// (<https://docs.stripe.com/api/v2/core/event_destinations/object>).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct EndpointObject {
    pub id: String,
    #[serde(default)]
    pub url: String,
    pub enabled_events: Vec<String>,
    /// None: that of the account, or of thin events none at all.
    pub api_version: Option<String>,
    /// The Connect application, of an endpoint for events of connected accounts.
    #[serde(default)]
    pub application: Option<String>,
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// `enabled` or `disabled`.
    pub status: String,
    /// Only in the answer to the creation.
    #[serde(default, deserialize_with = "secret")]
    pub secret: Option<Secret>,
}

/// A destination in the shape of v2.
#[derive(Deserialize)]
pub(crate) struct DestinationObject {
    id: String,
    enabled_events: Vec<String>,
    pub(crate) event_payload: String,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
    status: String,
    #[serde(default)]
    webhook_endpoint: Option<TargetObject>,
}

#[derive(Default, Deserialize)]
struct TargetObject {
    url: Option<String>,
    #[serde(default, deserialize_with = "secret")]
    signing_secret: Option<Secret>,
}

impl From<DestinationObject> for EndpointObject {
    fn from(destination: DestinationObject) -> Self {
        let target = destination.webhook_endpoint.unwrap_or_default();
        Self {
            id: destination.id,
            url: target.url.unwrap_or_default(),
            enabled_events: destination.enabled_events,
            api_version: None,
            application: None,
            metadata: destination.metadata.unwrap_or_default(),
            status: destination.status,
            secret: target.signing_secret,
        }
    }
}
