//! `POST /v1/admin/waves/{name}/rollback`: rolls a wave back for good.

use super::wave_editor::WaveEditor;
use super::{request_body::asked, responses::answer};
use payments::RolledBack;
use payments_http::{Body, Problem, Request, Response, if_match};
use payments_services::Services;

/// Removes the wave's rule from the rollout, for good. A repeated request changes nothing.
pub(crate) async fn rollback(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, name, reason) = asked(services, request)?;
    let mut editor = WaveEditor::open(services, &caller, &reason, &name, if_match(request)?).await?;
    while let Some(rule) = editor.rule().cloned() {
        let ended = RolledBack { at: services.clock.now(), by: caller.user.clone(), rule };
        let details = editor.next_details().ended(ended);
        editor.write(editor.rollout.without_wave(&name), details).await?;
    }
    answer(services, &editor, &name)
}
