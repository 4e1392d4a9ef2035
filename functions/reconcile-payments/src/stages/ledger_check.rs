//! Whether the stored ledger entries of a payment are those that its state implies.

use crate::ReconciliationError;
use crate::differences::wrong_ledger;
use payments::{Payment, PaymentId, Reconciliation, same_entries};
use payments_services::Services;
use payments_store::Stored;

/// Reports a payment whose stored entries differ from those that its state implies. A read can overlap a write, so the
/// difference must show in two reads.
pub(crate) async fn check_ledger(
    services: &Services,
    run: &mut Reconciliation,
    payment: &Stored<Payment>,
) -> Result<(), ReconciliationError> {
    let id = payment.value.id();
    if !has_its_entries(services, id).await? && !has_its_entries(services, id).await? {
        run.note(wrong_ledger(id.clone()));
    }
    Ok(())
}

async fn has_its_entries(services: &Services, id: &PaymentId) -> Result<bool, ReconciliationError> {
    let read = services.store.ledger(id).await?;
    Ok(read.is_none_or(|(stored, entries)| same_entries(&entries, &payments::entries(&stored.value))))
}
