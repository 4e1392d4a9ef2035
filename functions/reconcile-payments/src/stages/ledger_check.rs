//! Whether the stored ledger entries of a payment are those that its state implies.

use crate::ReconciliationError;
use crate::differences::wrong_ledger;
use futures_util::future::BoxFuture;
use payments::{Entry, Findings, Payment, PaymentId, same_entries};
use payments_services::Services;
use payments_store::Stored;

/// A payment beside its stored entries.
pub(crate) struct ComparedLedger {
    pub(crate) payment: Stored<Payment>,
    /// The stored entries, if they are not those that the state implies.
    pub(crate) differing: Option<Vec<Entry>>,
}

impl ComparedLedger {
    /// The entries that are stored after facts were written with theirs.
    pub(crate) fn stored_entries(differing: Option<&(Payment, Vec<Entry>)>, after: &Payment) -> Vec<Entry> {
        let implied = payments::entries(after);
        let Some((before, stored)) = differing else { return implied };
        let before = payments::entries(before);
        let new = implied.into_iter().filter(|entry| !before.contains(entry));
        stored.iter().cloned().chain(new).collect()
    }
}

/// Reports a payment whose stored entries differ from those that its state implies. A read can overlap a write, so the
/// difference must show in two reads. None without a payment.
pub(crate) fn compare_ledger<'a>(
    services: &'a Services,
    findings: &'a mut Findings,
    id: &'a PaymentId,
) -> BoxFuture<'a, Result<Option<ComparedLedger>, ReconciliationError>> {
    Box::pin(async move {
        let mut compared = None;
        for _ in 0..2 {
            let Some((payment, entries)) = services.store.ledger(id).await? else { return Ok(None) };
            if same_entries(&entries, &payments::entries(&payment.value)) {
                return Ok(Some(ComparedLedger { payment, differing: None }));
            }
            compared = Some(ComparedLedger { payment, differing: Some(entries) });
        }
        findings.note(wrong_ledger(id.clone()));
        Ok(compared)
    })
}
