//! `GET /v1/admin/quarantine`: parked events, with the reason of each.

use futures_util::future::BoxFuture;
use payments::Timestamp;
use payments_http::{Body, Problem, Request, Response, StatusCode, json, page_limit, query_parameter};
use payments_services::Services;
use payments_store::ParkedSummary;
use serde::Serialize;

/// A parked event in a response; lists leave out the body.
#[derive(Serialize)]
pub(crate) struct EventView {
    event_id: String,
    event_type: Option<String>,
    reason: String,
    received_at: Timestamp,
    /// When a redrive last succeeded.
    redriven_at: Option<Timestamp>,
    body_bytes: u64,
    /// The body as Stripe signed it. Absent in lists, and when it was too large to keep or is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

pub(crate) fn list<'a>(
    services: &'a Services,
    request: &'a Request,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let limit = page_limit(request)?;
        let cursor = query_parameter(request, "cursor");
        let page = services.store.parked(services.clock.now(), limit, cursor).await?;
        json(StatusCode::OK, &page.map(EventView::from))
    })
}

impl From<ParkedSummary> for EventView {
    fn from(parked: ParkedSummary) -> Self {
        Self {
            event_id: parked.id.to_string(),
            event_type: parked.event_type,
            reason: parked.reason,
            received_at: parked.received_at,
            redriven_at: parked.redriven.map(|redriven| redriven.at),
            body_bytes: parked.body_bytes,
            body: None,
        }
    }
}

impl EventView {
    pub(crate) fn with_body(parked: ParkedSummary, body: Option<String>) -> Self {
        Self { body, ..Self::from(parked) }
    }
}
