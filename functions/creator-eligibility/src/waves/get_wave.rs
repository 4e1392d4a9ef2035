//! `GET /v1/admin/waves/{name}`: one wave.

use super::responses::WaveView;
use crate::operator_request::wave;
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, with_etag};
use payments_services::Services;

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let name = wave(request)?;
    let (rollout, details) = services.store.rollout_and_wave(&name).await?;
    let view = WaveView::of(&name, &rollout, details.as_ref(), services.clock.now());
    let version = details.as_ref().map_or(0, |details| details.version);
    Ok(with_etag(json(StatusCode::OK, &view.ok_or_else(Problem::not_found)?)?, version))
}
