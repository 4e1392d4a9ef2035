//! An item or object that cannot be read becomes a difference, and the run goes on without it.

use crate::ReconciliationError;
use crate::differences::{unreadable, unreadable_item};
use payments::Findings;
use payments_bookkeeping::Bookkeeping;
use payments_services::{Services, causes};
use payments_stripe::UnreadableObject;

/// Notes the item as a difference. Any other error stops the slice.
///
/// # Errors
/// The error, if it is not about an item that cannot be read.
pub(crate) fn note_unreadable(
    findings: &mut Findings,
    error: impl Into<ReconciliationError>,
) -> Result<(), ReconciliationError> {
    let error = error.into();
    let Some(key) = error.unreadable_item() else { return Err(error) };
    let cause = causes(&error);
    tracing::error!(cause, "an item is left out of the reconciliation");
    findings.note(unreadable_item(key, cause));
    Ok(())
}

/// Notes the objects of a page that cannot be read and are ours.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_unreadable_objects(
    services: &Services,
    findings: &mut Findings,
    objects: &[UnreadableObject],
) -> Result<(), ReconciliationError> {
    for object in objects {
        note_if_ours(services, findings, object).await?;
    }
    Ok(())
}

/// Notes an object that cannot be read if it is ours, and returns whether it is.
///
/// # Errors
/// 503, when the table or Stripe is unavailable.
pub(crate) async fn note_if_ours(
    services: &Services,
    findings: &mut Findings,
    object: &UnreadableObject,
) -> Result<bool, ReconciliationError> {
    match Bookkeeping::now(services).is_ours(&object.claim).await {
        Ok(true) => findings.note(unreadable(object)),
        Ok(false) => return Ok(false),
        Err(error) => note_unreadable(findings, error)?,
    }
    Ok(true)
}
