//! Whether the stored ledger entries of a payment are those that its state implies.

use crate::ReconciliationError;
use crate::differences::wrong_ledger;
use payments::{Findings, Payment, PaymentId, same_entries};
use payments_services::Services;
use payments_store::Stored;

/// Reports a payment whose stored entries differ from those that its state implies. A read can overlap a write, so the
/// difference must show in two reads. Returns the payment if they are as they must be.
pub(crate) async fn compare_ledger(
    services: &Services,
    findings: &mut Findings,
    id: &PaymentId,
) -> Result<Option<Stored<Payment>>, ReconciliationError> {
    for _ in 0..2 {
        let Some((stored, entries)) = services.store.ledger(id).await? else { return Ok(None) };
        if same_entries(&entries, &payments::entries(&stored.value)) {
            return Ok(Some(stored));
        }
    }
    findings.note(wrong_ledger(id.clone()));
    Ok(None)
}
