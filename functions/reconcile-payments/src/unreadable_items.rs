//! An item that this release cannot read becomes a difference, and the run goes on without it.

use crate::ReconciliationError;
use crate::report::unreadable_item;
use payments::Reconciliation;
use payments_services::causes;

/// Notes the item as a difference. Any other error stops the slice.
///
/// # Errors
/// The error, if it is not about an item that cannot be read.
pub(crate) fn note_unreadable(
    run: &mut Reconciliation,
    error: impl Into<ReconciliationError>,
) -> Result<(), ReconciliationError> {
    let error = error.into();
    let Some(key) = error.unreadable_item() else { return Err(error) };
    let cause = causes(&error);
    tracing::error!(cause, "an item is left out of the reconciliation");
    run.note_once(unreadable_item(key, cause));
    Ok(())
}
