//! Webhook endpoints (docs.stripe.com/api/webhook_endpoints) and event destinations (docs.stripe.com/api/v2/core/event_destinations),
//! which are one kind of object: v2 lists those of v1 as well.

use crate::objects::metadata::Metadata;
use crate::wire::timestamps::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WebhookEndpoint {
    pub(crate) id: String,
    pub(crate) created_ms: i64,
    pub(crate) url: String,
    pub(crate) enabled_events: Vec<String>,
    /// Of thin events, which have no version, and of an endpoint that follows the account's: `None`.
    pub(crate) api_version: Option<String>,
    /// Whether connected accounts' events are sent, and not the platform's own.
    pub(crate) connect: bool,
    pub(crate) is_thin: bool,
    /// The name of a destination of v2.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) enabled: bool,
    pub(crate) deleted: bool,
}

impl WebhookEndpoint {
    /// What a retrieval shows: no secret.
    pub(crate) fn json(&self, application: &str) -> Value {
        json!({
            "id": self.id,
            "object": "webhook_endpoint",
            "api_version": self.api_version,
            "application": self.connect.then_some(application),
            "created": self.created_ms.div_euclid(1000),
            "description": self.description,
            "enabled_events": self.enabled_events,
            "livemode": false,
            "metadata": self.metadata,
            "status": self.status(),
            "url": self.url,
        })
    }

    /// The shape of v2. The address is there only where it is included.
    pub(crate) fn v2_json(&self, with_url: bool, secret: Option<&str>) -> Value {
        let endpoint = (with_url || secret.is_some()).then(|| {
            let url = with_url.then_some(&self.url);
            json!({"signing_secret": secret, "url": url})
        });
        let disabled = (!self.enabled).then(|| json!({"reason": "user"}));
        json!({
            "id": self.id,
            "object": "v2.core.event_destination",
            "amazon_eventbridge": null,
            "azure_event_grid": null,
            "created": rfc3339(self.created_ms),
            "description": self.description.clone().unwrap_or_default(),
            "enabled_events": self.enabled_events,
            "event_payload": if self.is_thin { "thin" } else { "snapshot" },
            "events_from": [if self.connect { "@accounts" } else { "@self" }],
            "livemode": false,
            "metadata": self.metadata,
            "name": self.name.clone().unwrap_or_default(),
            "snapshot_api_version": self.api_version,
            "status": self.status(),
            "status_details": disabled.map(|disabled| json!({"disabled": disabled})),
            "type": "webhook_endpoint",
            "updated": rfc3339(self.created_ms),
            "webhook_endpoint": endpoint,
        })
    }

    fn status(&self) -> &'static str {
        if self.enabled { "enabled" } else { "disabled" }
    }
}
