//! Which edits of a wave are refused: of one that is rolled back, and of one too many.

use super::wave_editor::WaveEditor;
use payments::{WAVES_MAX, WaveEdit};
use payments_http::{Problem, ProblemCode};

impl WaveEditor<'_> {
    /// Checks that the wave, as last read, can be edited like this.
    ///
    /// # Errors
    /// 409, when the wave is rolled back and the edit does more than remove creators, or when there are too many waves.
    pub(super) fn admits(&self, edit: &WaveEdit) -> Result<(), Problem> {
        if self.is_rolled_back() {
            return if edit.only_removes() { Ok(()) } else { Err(rolled_back()) };
        }
        let is_new = self.rule().is_none();
        if is_new && self.rollout.waves.len() >= WAVES_MAX { Err(too_many_waves()) } else { Ok(()) }
    }
}

pub(super) fn rolled_back() -> Problem {
    let detail = "The wave is rolled back for good. Open another one, under another name; all that this one still \
                  takes is to remove creators.";
    Problem::new(ProblemCode::WaveRolledBack, detail)
}

fn too_many_waves() -> Problem {
    let detail = format!("There can be {WAVES_MAX} waves that are not rolled back. Roll one back first.");
    Problem::new(ProblemCode::TooManyWaves, detail).limit(i64::try_from(WAVES_MAX).unwrap_or(i64::MAX))
}
