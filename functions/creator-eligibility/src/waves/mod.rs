//! Waves: steps of the rollout that operators open, look at and undo.

mod body;
mod desk;
mod edit;
mod ends;
mod report;
mod view;

pub(crate) use edit::put;
pub(crate) use ends::{resume, rollback};
pub(crate) use report::get as report;

use crate::{audit::unread, change::wave};
use payments_function::App;
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter, with_etag,
};
use serde::Serialize;
use view::WaveView;

#[derive(Serialize)]
struct PageView<'a> {
    items: Vec<WaveView<'a>>,
    next_cursor: Option<String>,
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let limit = page_limit(request)?;
    let read = app.store.waves(limit, query_parameter(request, "cursor")).await;
    let (page, rollout) = read.map_err(unread)?;
    let now = app.clock.now();
    let views =
        page.items.iter().filter_map(|details| WaveView::of(&details.name, &rollout, Some(details), now));
    json(StatusCode::OK, &PageView { items: views.collect(), next_cursor: page.next_cursor })
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let name = wave(request)?;
    let (rollout, details) = app.store.rollout_and_wave(&name).await.map_err(Problem::unavailable)?;
    let view = WaveView::of(&name, &rollout, details.as_ref(), app.clock.now());
    let version = details.as_ref().map_or(0, |details| details.version);
    Ok(with_etag(json(StatusCode::OK, &view.ok_or_else(Problem::not_found)?)?, version))
}
