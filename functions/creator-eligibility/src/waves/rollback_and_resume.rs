//! Rolls a wave back for good, and resumes a halted wave.

use super::{responses::WaveView, wave_editor::WaveEditor, wave_editor::rolled_back};
use crate::operator_request::{reason, wave};
use payments::{Reason, RolledBack, WaveName};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, if_match, json, json_body, with_etag,
};
use payments_services::Services;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    reason: String,
}

/// Removes the wave's rule from the rollout, for good. A repeated request changes nothing.
pub(crate) async fn rollback(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, name, reason) = asked(request)?;
    let mut editor = WaveEditor::open(services, &caller, &reason, &name, if_match(request)?).await?;
    while let Some(rule) = editor.rule().cloned() {
        let ended = RolledBack { at: services.clock.now(), by: caller.user.clone(), rule };
        let details = editor.next_details().ended(ended);
        editor.write(editor.rollout.without_wave(&name), details).await?;
    }
    answer(services, &editor, &name)
}

/// Resumes a halted wave. A wave that is not halted is left unchanged.
pub(crate) async fn resume(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, name, reason) = asked(request)?;
    let mut editor = WaveEditor::open(services, &caller, &reason, &name, if_match(request)?).await?;
    while let Some(after) = editor.rollout.with_wave_resumed(&name) {
        let details = editor.next_details();
        if editor.write(after, details).await? {
            break;
        }
    }
    if editor.is_rolled_back() { Err(rolled_back()) } else { answer(services, &editor, &name) }
}

fn asked(request: &Request) -> Result<(Caller, WaveName, Reason), Problem> {
    let caller = Caller::operator(request)?;
    let name = wave(request)?;
    let body: ReasonBody = json_body(request)?;
    Ok((caller, name, reason(&body.reason)?))
}

fn answer(services: &Services, editor: &WaveEditor<'_>, name: &WaveName) -> Result<Response<Body>, Problem> {
    let view = WaveView::of(name, &editor.rollout, editor.details.as_ref(), services.clock.now());
    Ok(with_etag(json(StatusCode::OK, &view.ok_or_else(Problem::not_found)?)?, editor.version()))
}
