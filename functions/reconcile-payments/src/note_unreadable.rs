//! An item or object that cannot be read becomes a difference, and the run goes on without it.

use crate::ReconciliationError;
use crate::differences::{unreadable, unreadable_item};
use payments::Reconciliation;
use payments_bookkeeping::Bookkeeping;
use payments_services::{Services, causes};
use payments_stripe::UnreadableObject;

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

/// Notes the objects of a page that cannot be read and are ours.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_unreadable_objects(
    services: &Services,
    run: &mut Reconciliation,
    objects: &[UnreadableObject],
) -> Result<(), ReconciliationError> {
    for object in objects {
        note_if_ours(services, run, object).await?;
    }
    Ok(())
}

/// Notes an object that cannot be read if it is ours, and returns whether it is.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_if_ours(
    services: &Services,
    run: &mut Reconciliation,
    object: &UnreadableObject,
) -> Result<bool, ReconciliationError> {
    match Bookkeeping::now(services).is_ours(&object.claim).await {
        Ok(true) => run.note(unreadable(object)),
        Ok(false) => return Ok(false),
        Err(error) => note_unreadable(run, error)?,
    }
    Ok(true)
}
