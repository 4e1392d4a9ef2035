//! Requests about webhook endpoints: list, create, update. Operators make them, and no function does.

use crate::list_pages::PAGE_MAX;
use crate::{EndpointObject, Page, Session, StripeError};
use payments::IdempotencyKey;
use serde::Serialize;
use std::collections::BTreeMap;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The API version that requests name, and that endpoints are pinned to.
#[must_use]
pub fn pinned_version() -> &'static str {
    stripe_shared::version::VERSION.as_str()
}

/// The parameters of an endpoint that is to be made.
#[derive(Debug, Clone)]
pub struct NewEndpoint<'a> {
    pub url: &'a str,
    pub enabled_events: &'a [&'static str],
    /// Whether events of connected accounts are sent.
    pub connect: bool,
    pub metadata: BTreeMap<String, String>,
}

/// What changes of an endpoint; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EndpointUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled_events: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct CreateEndpoint<'a> {
    api_version: &'static str,
    connect: bool,
    enabled_events: &'a [&'static str],
    metadata: &'a BTreeMap<String, String>,
    url: &'a str,
}

#[derive(Serialize)]
struct ListEndpoints<'a> {
    limit: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

impl Session {
    /// Lists a page of the endpoints, disabled ones included.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_webhook_endpoints(
        &self,
        after: Option<&str>,
    ) -> Result<Page<EndpointObject>, StripeError> {
        let query = ListEndpoints { limit: PAGE_MAX, starting_after: after };
        self.page(RequestBuilder::new(StripeMethod::Get, "/webhook_endpoints").query(&query)).await
    }

    /// Creates an endpoint of the pinned version. The answer alone has its secret.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_webhook_endpoint(
        &self,
        endpoint: &NewEndpoint<'_>,
        key: &IdempotencyKey,
    ) -> Result<EndpointObject, StripeError> {
        let form = CreateEndpoint {
            api_version: pinned_version(),
            connect: endpoint.connect,
            enabled_events: endpoint.enabled_events,
            metadata: &endpoint.metadata,
            url: endpoint.url,
        };
        self.post(RequestBuilder::new(StripeMethod::Post, "/webhook_endpoints").form(&form), key).await
    }

    /// Changes an endpoint, of which neither the version nor whose events are sent can be changed.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn update_webhook_endpoint(
        &self,
        id: &str,
        update: &EndpointUpdate,
        key: &IdempotencyKey,
    ) -> Result<EndpointObject, StripeError> {
        let path = format!("/webhook_endpoints/{id}");
        self.post(RequestBuilder::new(StripeMethod::Post, path).form(update), key).await
    }
}
