//! In which order an edit of a wave is written.

use super::wave_editor::WaveEditor;
use payments::{Receiver, Wave, WaveEdit, WaveName};
use payments_http::Problem;

/// Writes what restricts, then the rule, then what opens. An edit that breaks off halfway therefore admits nobody whom
/// the complete edit would not admit, and repeating the request completes it.
pub(super) async fn carry_out(
    editor: &mut WaveEditor<'_>,
    name: &WaveName,
    edit: &WaveEdit,
    receivers: Vec<Receiver>,
) -> Result<(), Problem> {
    let is_restricted = |receiver: &Receiver| {
        edit.of(&receiver.creator).is_some_and(|change| change.restricts(receiver, name))
    };
    let (restricted, opened): (Vec<_>, Vec<_>) = receivers.into_iter().partition(is_restricted);
    // A new wave admits nobody until its denials are written.
    let new = Wave::new(name.clone());
    let first = if restricted.is_empty() { new.changed(edit.rule) } else { new.clone() };
    editor.write_rule(edit, |rule| rule.cloned().unwrap_or_else(|| first.clone())).await?;
    editor.write_lists(edit, restricted).await?;
    editor.write_rule(edit, |rule| rule.unwrap_or(&new).changed(edit.rule)).await?;
    editor.write_lists(edit, opened).await
}
