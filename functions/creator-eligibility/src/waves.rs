//! Waves: steps of the rollout that operators open, list, edit, roll back and resume.

mod body;
mod put_wave;
mod report;
mod responses;
mod rollback_and_resume;
mod wave_editor;

pub(crate) use put_wave::put;
pub(crate) use report::get as report;
pub(crate) use rollback_and_resume::{resume, rollback};

use crate::operator_request::wave;
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter, with_etag,
};
use payments_services::Services;
use payments_store::Page;
use responses::WaveView;

pub(crate) async fn list(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let limit = page_limit(request)?;
    let (page, rollout) = services.store.waves(limit, query_parameter(request, "cursor")).await?;
    let now = services.clock.now();
    let views =
        page.items.iter().filter_map(|details| WaveView::of(&details.name, &rollout, Some(details), now));
    json(StatusCode::OK, &Page { items: views.collect(), next_cursor: page.next_cursor })
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let name = wave(request)?;
    let (rollout, details) = services.store.rollout_and_wave(&name).await?;
    let view = WaveView::of(&name, &rollout, details.as_ref(), services.clock.now());
    let version = details.as_ref().map_or(0, |details| details.version);
    Ok(with_etag(json(StatusCode::OK, &view.ok_or_else(Problem::not_found)?)?, version))
}
