//! What a payment requires after a change.

use crate::{AppliedFacts, Bookkeeping, Work};
use payments::Payment;
use payments_store::Stored;

impl<'a> Bookkeeping<'a> {
    /// Does what a payment requires after a change: cancels an unwanted intent, and executes the transfer
    /// instruction that the change decided, or one that is left.
    ///
    /// # Errors
    /// [`BookkeepingError`](crate::BookkeepingError) when an unwanted intent could not be canceled: the follow-up is not finished. A
    /// transfer instruction that fails is left to reconciliation.
    pub fn follow_up(self, known: AppliedFacts) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let known = if known.payment.value.should_cancel_intent(self.now) {
                AppliedFacts { payment: self.cancel_intent(known.payment).await?, ..known }
            } else {
                known
            };
            Ok(self.execute_or_defer(known).await)
        })
    }
}
