//! `POST /v1/admin/waves/{name}/resume`: resumes a halted wave.

use super::{edit_refusals::rolled_back, wave_editor::WaveEditor};
use super::{request_body::asked, responses::answer};
use payments_http::{Body, Problem, Request, Response, if_match};
use payments_services::Services;

/// Resumes a halted wave. A wave that is not halted is left unchanged.
pub(crate) async fn resume(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, name, reason) = asked(services, request)?;
    let mut editor = WaveEditor::open(services, &caller, &reason, &name, if_match(request)?).await?;
    while let Some(after) = editor.rollout.with_wave_resumed(&name) {
        let details = editor.next_details();
        if editor.write(after, details).await? {
            break;
        }
    }
    if editor.is_rolled_back() { Err(rolled_back()) } else { answer(services, &editor, &name) }
}
