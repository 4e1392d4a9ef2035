//! `GET /v1/admin/rollout`: the rollout's percentage, and the kill switch.

use payments::{Percentage, Rollout, Timestamp};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, with_etag};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct RolloutView {
    percentage: Percentage,
    paused: bool,
    /// Reconciliation cancels the open intents that were created until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_open_until: Option<Timestamp>,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    answer(&services.store.rollout().await?)
}

pub(crate) fn answer(rollout: &Rollout) -> Result<Response<Body>, Problem> {
    let Rollout { percentage, paused, cancel_open_until, .. } = *rollout;
    let view = RolloutView { percentage, paused, cancel_open_until };
    Ok(with_etag(json(StatusCode::OK, &view)?, rollout.version))
}
