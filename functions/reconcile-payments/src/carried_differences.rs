//! Differences of the last report that stay until somebody acts. They are looked at again at the start of each run, because
//! the run itself meets an item or a payment only in a pass over its money, or when it is due.

use crate::ReconciliationError;
use crate::note_unreadable::note_unreadable;
use crate::stages::ledger_check::compare_ledger;
use payments::{Difference, DifferenceKind, Findings, PaymentId};
use payments_services::Services;
use std::collections::BTreeSet;

/// Notes the items of the last report that still cannot be read, the contradictions that its payments still have, and the
/// ledgers that are still not as they must be.
///
/// # Errors
/// 503, when the table is unavailable.
pub(crate) async fn carry(
    services: &Services,
    last: &[Difference],
    findings: &mut Findings,
) -> Result<(), ReconciliationError> {
    let unreadable = last.iter().filter(|it| it.kind == DifferenceKind::UnreadableItem);
    let keys: Vec<&str> = unreadable.filter_map(|it| it.object.as_deref()).collect();
    let still = services.store.still_unreadable(&keys).await?;
    still.into_iter().try_for_each(|error| note_unreadable(findings, error))?;
    let staying = last.iter().filter(|it| it.kind.stays());
    let payments: BTreeSet<&PaymentId> = staying.filter_map(|it| it.payment_id.as_ref()).collect();
    for id in payments {
        match services.store.payment(id).await {
            Ok(Some(stored)) => {
                let staying = stored.value.differences().into_iter().filter(|it| it.kind.stays());
                staying.for_each(|difference| findings.note(difference));
            }
            Ok(None) => {}
            Err(error) => note_unreadable(findings, error)?,
        }
    }
    let ledgers = last.iter().filter(|it| it.kind == DifferenceKind::Ledger);
    for id in ledgers.filter_map(|it| it.payment_id.as_ref()) {
        if let Err(error) = compare_ledger(services, findings, id).await {
            note_unreadable(findings, error)?;
        }
    }
    Ok(())
}
