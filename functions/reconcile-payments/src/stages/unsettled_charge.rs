//! A charge whose payment is not known to have succeeded.

use crate::ReconciliationError;
use crate::differences::unappliable;
use futures_util::future::BoxFuture;
use payments::{BalanceTransactionKind, Findings, Payment};
use payments_bookkeeping::{Bookkeeping, BookkeepingError};
use payments_store::Stored;

/// Retrieves the intent of a charge whose payment is not known to have succeeded: a charge proves that money came in,
/// and only the intent proves the whole amount and the payment it is for.
pub(crate) fn settled<'a>(
    books: Bookkeeping<'a>,
    findings: &'a mut Findings,
    payment: Stored<Payment>,
    kind: &'a BalanceTransactionKind,
) -> BoxFuture<'a, Result<Stored<Payment>, ReconciliationError>> {
    Box::pin(async move {
        if *kind != BalanceTransactionKind::Charge || payment.value.state.succeeded {
            return Ok(payment);
        }
        let intent = payment.value.state.intent.as_ref().map(ToString::to_string).unwrap_or_default();
        let reason = match books.retrieve_intent(payment.clone()).await {
            // An intent that does not match its payment never will, so it is reported and not retried.
            Err(BookkeepingError::Mismatch { mismatch, .. }) => mismatch.to_string(),
            Err(BookkeepingError::SnapshotError(error)) => error.to_string(),
            seen => return Ok(seen?),
        };
        findings.note(unappliable(intent, reason, Some(payment.value.id().clone())));
        Ok(payment)
    })
}
