//! Responses that show a wave, and the difference that an edit makes.

use super::wave_editor::WaveEditor;
use payments::{HaltRule, Percentage, Rollout, Timestamp, UserId, WaveDetails, WaveName, WaveState};
use payments_http::{Body, Problem, Response, StatusCode, json, with_etag};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct WaveView<'a> {
    name: &'a WaveName,
    state: WaveState,
    percentage: Percentage,
    starts_at: Option<Timestamp>,
    halt: Option<HaltRule>,
    created_at: Option<Timestamp>,
    created_by: Option<&'a UserId>,
    rolled_back_at: Option<Timestamp>,
    rolled_back_by: Option<&'a UserId>,
}

impl<'a> WaveView<'a> {
    /// Shows a wave by its rule, or by its last rule if it is rolled back; `None` if there is no such wave.
    pub(crate) fn of(
        name: &'a WaveName,
        rollout: &'a Rollout,
        details: Option<&'a WaveDetails>,
        now: Timestamp,
    ) -> Option<Self> {
        let rolled_back = details.and_then(|details| details.rolled_back.as_ref());
        let rule = rollout.wave(name).or(rolled_back.map(|ended| &ended.rule))?;
        Some(Self {
            name,
            state: rolled_back.map_or_else(|| rule.state(now), |_| WaveState::RolledBack),
            percentage: rule.percentage,
            starts_at: rule.starts_at,
            halt: rule.halt,
            created_at: details.map(|details| details.created_at),
            created_by: details.map(|details| &details.created_by),
            rolled_back_at: rolled_back.map(|ended| ended.at),
            rolled_back_by: rolled_back.map(|ended| &ended.by),
        })
    }
}

pub(super) fn answer(
    services: &Services,
    editor: &WaveEditor<'_>,
    name: &WaveName,
) -> Result<Response<Body>, Problem> {
    let view = WaveView::of(name, &editor.rollout, editor.details.as_ref(), services.clock.now());
    Ok(with_etag(json(StatusCode::OK, &view.ok_or_else(Problem::not_found)?)?, editor.version()))
}
