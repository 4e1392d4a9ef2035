//! What a payment requires after a change.

use crate::{AppliedFacts, Bookkeeping, Work};
use payments::Payment;
use payments_services::{causes, count_setup_fault};
use payments_store::Stored;

impl<'a> Bookkeeping<'a> {
    /// Does what a payment requires after a change: cancels an unwanted intent, makes the refund that an early fraud
    /// warning asks for, and executes the transfer instruction that the change decided, or one that is left.
    ///
    /// # Errors
    /// [`BookkeepingError`](crate::BookkeepingError) when an unwanted intent could not be canceled: the follow-up is not finished. A
    /// refund or a transfer instruction that fails is left to reconciliation.
    pub fn follow_up(self, known: AppliedFacts) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let known = if known.payment.value.should_cancel_intent(self.now) {
                AppliedFacts { payment: self.cancel_intent(known.payment).await?, ..known }
            } else {
                known
            };
            let stored = self.execute_or_defer(known).await;
            let Some(refund) = stored.value.open_fraud_refund().cloned() else { return Ok(stored) };
            let unchanged = stored.clone();
            Ok(self.execute_refund(stored, &refund).await.unwrap_or_else(|error| {
                let payment = unchanged.value.id();
                tracing::warn!(%payment, cause = causes(&error), "a refund is left to reconciliation");
                if error.is_setup_fault() {
                    count_setup_fault();
                }
                unchanged
            }))
        })
    }
}
