//! `PUT /v1/admin/waves/{name}`: opens or edits a wave, or only reports what an edit would change.

use super::{request_body::EditBody, responses::WaveView, wave_editor::WaveEditor, write_order::carry_out};
use crate::operator_request::{reason, wave};
use payments::{CreatorId, WaveDifference};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, if_match, json, query_flag, with_etag,
};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct EditedView<'a> {
    #[serde(flatten)]
    wave: Option<WaveView<'a>>,
    difference: WaveDifference,
}

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let name = wave(request)?;
    let is_dry_run = query_flag(request, "dry_run")?;
    let body = EditBody::of(request)?;
    let reason = reason(&body.reason)?;
    let edit = body.edit()?;
    let expected = if_match(request)?;
    let mut editor = WaveEditor::open(services, &caller, &reason, &name, expected).await?;
    editor.admits(&edit)?;
    let creators: Vec<CreatorId> = edit.creators().cloned().collect();
    let receivers = services.store.receivers(&creators).await?;
    let difference = editor.difference(&edit, &receivers);
    if is_dry_run {
        return Ok(with_etag(json(StatusCode::OK, &difference)?, editor.version()));
    }
    carry_out(&mut editor, &name, &edit, receivers).await?;
    let wave = WaveView::of(&name, &editor.rollout, editor.details.as_ref(), services.clock.now());
    Ok(with_etag(json(StatusCode::OK, &EditedView { wave, difference })?, editor.version()))
}
