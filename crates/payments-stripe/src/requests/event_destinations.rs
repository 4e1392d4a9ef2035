//! Requests about event destinations of thin events: list, create, update, enable, disable. Operators make them, and no function
//! does.

use super::webhook_endpoints::{EndpointUpdate, NewEndpoint};
use crate::objects::DestinationObject;
use crate::{EndpointObject, Page, Session, StripeError};
use payments::IdempotencyKey;
use serde_json::{Map, Value, json};

const DESTINATIONS: &str = "/v2/core/event_destinations";
/// The most objects on a page, of which v2 documents 20 by default.
const PAGE_MAX: i64 = 20;
const URL: &str = "webhook_endpoint.url";

impl Session {
    /// Lists a page of the destinations of thin events; webhook endpoints, which v2 lists as well, are left out.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_thin_destinations(
        &self,
        after: Option<&str>,
    ) -> Result<Page<EndpointObject>, StripeError> {
        let query = format!("include[0]={URL}&limit={PAGE_MAX}");
        let page: Page<DestinationObject> = self.page_v2(DESTINATIONS, query, after).await?;
        let data = page.data.into_iter().filter(|it| it.event_payload == "thin").map(EndpointObject::from);
        Ok(Page { data: data.collect(), unreadable: page.unreadable, next: page.next, reached_s: None })
    }

    /// Creates a destination of thin events. The answer alone has its secret.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_thin_destination(
        &self,
        endpoint: &NewEndpoint<'_>,
        key: &IdempotencyKey,
    ) -> Result<EndpointObject, StripeError> {
        let body = json!({
            "enabled_events": endpoint.enabled_events,
            "event_payload": "thin",
            "events_from": [if endpoint.connect { "@accounts" } else { "@self" }],
            "include": ["webhook_endpoint.signing_secret", URL],
            "metadata": endpoint.metadata,
            "name": format!("creator-payments {}", self.deployment()),
            "type": "webhook_endpoint",
            "webhook_endpoint": {"url": endpoint.url},
        });
        let made: DestinationObject = self.post_v2(DESTINATIONS, &body, key).await?;
        Ok(made.into())
    }

    /// Changes a destination, but for its status.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn update_thin_destination(
        &self,
        id: &str,
        update: &EndpointUpdate,
        key: &IdempotencyKey,
    ) -> Result<(), StripeError> {
        let mut body = Map::new();
        if let Some(url) = &update.url {
            body.insert("webhook_endpoint".to_owned(), json!({"url": url}));
        }
        if let Some(types) = &update.enabled_events {
            body.insert("enabled_events".to_owned(), json!(types));
        }
        if !update.metadata.is_empty() {
            body.insert("metadata".to_owned(), json!(update.metadata));
        }
        let _: DestinationObject = self.post_v2(&format!("{DESTINATIONS}/{id}"), &body, key).await?;
        Ok(())
    }

    /// Enables or disables a destination.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn set_thin_destination_enabled(
        &self,
        id: &str,
        enabled: bool,
        key: &IdempotencyKey,
    ) -> Result<(), StripeError> {
        let action = if enabled { "enable" } else { "disable" };
        let _: Value = self.post_v2(&format!("{DESTINATIONS}/{id}/{action}"), &json!({}), key).await?;
        Ok(())
    }
}
