//! `GET /v1/admin/quarantine/{event_id}`: one parked event, with its body.

use crate::list_quarantine::EventView;
use payments_http::{Body, Problem, Request, Response, StatusCode, json, path_id};
use payments_services::Services;
use payments_store::{Parked, ParkedId, Stored};

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let Parked { summary, body, .. } = find(services, request).await?.value;
    let body = body.and_then(|body| String::from_utf8(body).ok());
    json(StatusCode::OK, &EventView::with_body(summary, body))
}

pub(crate) async fn find(services: &Services, request: &Request) -> Result<Stored<Parked>, Problem> {
    let id = path_id(request, "event_id", ParkedId::parse)?;
    let found = services.store.parked_event(&id, services.clock.now()).await?;
    found.ok_or_else(Problem::not_found)
}
